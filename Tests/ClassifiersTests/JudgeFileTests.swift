import Checkpoints
import Classifiers
import Foundation
import Judging
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

@Suite struct JudgeFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func network(_ labels: LabelSpace) -> LeNet5 {
    let network = LeNet5(labels: labels)
    network.parameters.initialise(using: RandomGenerator(seed: 3))
    return network
  }

  private func file(_ name: String) -> URL { folder.url.appending(path: name) }

  @Test func `a judge that is written and read says the same`() throws {
    let network = network(.classes(["cat", "dog"]))
    try network.write(to: file("judge.safetensors"))
    let judge = try Judge.read(file("judge.safetensors"))
    let pictures = RandomGenerator(seed: 4).uniform([3, 3, 16, 16])
    #expect(judge.labels == network.labels)
    #expect(
      judge.judge(pictures, in: .zeroToOne).probabilities
        .hasSameBits(as: Judge(network).judge(pictures, in: .zeroToOne).probabilities))
  }

  @Test func `R05 class names of any characters come back as they were`() throws {
    let names = ["a\nb", "", "[\"x\"]", "grüne Äpfel", "\u{1b}[0m"]
    try network(.classes(names)).write(to: file("judge.safetensors"))
    #expect(try Judge.read(file("judge.safetensors")).labels == .classes(names))
  }

  /// A judge's file that records these words.
  private func write(_ words: [String: String], outputs: Int) throws -> URL {
    let url = file("words.safetensors")
    try SafetensorsFile(
      tensors: network(.numberedClasses(outputs)).parameters.named(), metadata: words
    ).write(to: url)
    return url
  }

  @Test func `R05 names that are one per line are still read`() throws {
    let url = try write(["lethe.class_names": "0\n1\n2"], outputs: 3)
    #expect(try Judge.read(url).labels == .classes(["0", "1", "2"]))
  }

  @Test(arguments: ["a\nb\nc", "a", "[\"a\", \"b\", \"c\"]", "[\"a\", \"a\"]", "a\n\nb"])
  func `R05 a judge whose names do not fit its outputs is refused`(names: String) throws {
    let url = try write(["lethe.class_names": names], outputs: 2)
    let error = #expect(throws: ClassifierError.self) { try Judge.read(url) }
    #expect(
      error?.description.hasSuffix(
        "its network has 2, expected one name for each, none twice: train the judge again") == true)
  }

  @Test func `F03 a judge that names no classes is read as one that names none`() throws {
    try network(.numberedClasses(3)).write(to: file("judge.safetensors"))
    let labels = try Judge.read(file("judge.safetensors")).labels
    #expect(labels == .numberedClasses(3) && !labels.areNamesRecorded)
  }

  @Test func `U04 what a judge was trained on comes back with its file`() throws {
    let training = JudgeTraining(
      digest: "crc32:1", pictureCount: 9, heldOut: .init(share: 0.1, seed: 7, device: "cpu"),
      testDigest: "crc32:1", testCount: 1)
    let url = file("judge.safetensors")
    try network(.classes(["a", "b"])).write(to: url, training: training)
    #expect(try Judge.read(url).training == training)
    try network(.classes(["a", "b"])).write(to: file("untold.safetensors"))
    #expect(try Judge.read(file("untold.safetensors")).training == nil)
    let damaged = try write(["lethe.judge_training": "{"], outputs: 2)
    #expect(throws: ClassifierError.self) { try Judge.read(damaged) }
  }

  @Test func `a state dict may lie under its usual name, and digits need no names`() throws {
    var tensors = StateDict()
    for (name, tensor) in network(.numberedClasses(4)).parameters.named() {
      tensors["state_dict.\(name)"] = tensor
    }
    try SafetensorsFile(tensors: tensors).write(to: file("foreign.safetensors"))
    #expect(try Judge.read(file("foreign.safetensors")).labels == .numberedClasses(4))
  }

  @Test func `a tensor that the network does not have is named`() throws {
    var tensors = network(.numberedClasses(2)).parameters.named()
    tensors["fc.f8.weight"] = .zeros([1])
    try SafetensorsFile(tensors: tensors).write(to: file("odd.safetensors"))
    let error = #expect(throws: ClassifierError.self) { try Judge.read(file("odd.safetensors")) }
    #expect(
      error?.description
        == "\(file("odd.safetensors").path) is no classifier that lethe knows: it holds a tensor "
        + "fc.f8.weight that LeNet5 does not have; expected a LeNet5 with convnet.c1, convnet.c3, "
        + "convnet.c5, fc.f6 and fc.f7, such as training a classifier makes")
  }

  /// A format that is slow, while somebody writes to the file.
  private struct Overtaken: ClassifierFormat {
    let url: URL
    let expectation = "a LeNet5"
    func recognises(_ tensors: StateDict) -> Bool { true }
    func classifier(
      from contents: ClassifierContents, device: Device
    ) throws -> any Classifier {
      let handle = try FileHandle(forWritingTo: url)
      try handle.seekToEnd()
      try handle.write(contentsOf: Data([0]))
      try handle.close()
      return try LeNet5Format().classifier(from: contents, device: device)
    }
  }

  @Test func `a file that is written to while it is read is refused`() throws {
    let url = file("judge.safetensors")
    try network(.numberedClasses(2)).write(to: url)
    #expect(throws: CheckpointError.changed(path: url.path)) {
      try Judge.read(url, formats: [Overtaken(url: url)])
    }
  }

  /// A network of one tensor, as somebody else would add it.
  private struct ThresholdFormat: ClassifierFormat {
    let expectation = "a threshold"
    func recognises(_ tensors: StateDict) -> Bool { tensors["threshold"] != nil }
    func classifier(
      from contents: ClassifierContents, device: Device
    ) throws -> any Classifier {
      LeNet5(labels: .classes(contents.names ?? ["dark", "bright"]), device: device)
    }
  }

  @Test func `the first format that recognises the tensors reads them`() throws {
    let url = file("threshold.safetensors")
    try SafetensorsFile(tensors: ["threshold": Tensor([Float(1)])]).write(to: url)
    let judge = try Judge.read(url, formats: ClassifierFormats.all + [ThresholdFormat()])
    #expect(judge.labels == .classes(["dark", "bright"]))
    let error = #expect(throws: ClassifierError.self) {
      try Judge.read(url, formats: [LeNet5Format()])
    }
    #expect(error?.description.contains("its tensors are threshold;") == true)
  }

  @Test func `a judge learns nothing`() throws {
    #expect(!network(.numberedClasses(2)).parameters.requiresGradient)
  }

  @Test func `a test's network is not silently another one`() async {
    await #expect(processExitsWith: .failure) {
      LeNet5().parameters.overwrite("fc.f9.bias", with: .zeros([10]))
    }
  }
}
