import Checkpoints
import Datasets
import Foundation
import Testing
import Torch

/// Pictures small enough to train on in no time.
enum TinyData {
  /// Writes IDX files of 48 pictures of 8x8 in three classes.
  static func writeIDX(_ folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let count = 48
    var pixels: [UInt8] = []
    for picture in 0..<count {
      for place in 0..<64 { pixels.append(UInt8((picture * 37 + place * (1 + picture % 3)) % 256)) }
    }
    let header: [UInt8] = [0, 0, 8, 3, 0, 0, 0, UInt8(count), 0, 0, 0, 8, 0, 0, 0, 8]
    try Data(header + pixels).write(to: folder.appending(path: "train-images-idx3-ubyte"))
    let labels = (0..<count).map { UInt8($0 % 3) }
    try Data([0, 0, 8, 1, 0, 0, 0, UInt8(count)] + labels)
      .write(to: folder.appending(path: "train-labels-idx1-ubyte"))
  }
}

extension TinyData {
  /// Writes pictures of 8x8 into a folder for each class; the class decides what they look like.
  ///
  /// - Parameters:
  ///   - folder: where the folders go.
  ///   - classes: their names, and what their pictures look like.
  ///   - count: how many pictures of each class.
  /// - Throws: if a file cannot be written.
  static func writeFolders(
    _ folder: URL, _ classes: KeyValuePairs<String, Int>, count: Int = 12
  ) throws {
    for (name, look) in classes {
      let place = folder.appending(path: name)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      for picture in 0..<count {
        let pixels = (0..<64).map { pixel in
          UInt8((pixel / 8 / 2 % 4 == look ? 200 : 20) + picture * 3 % 32)
        }
        try Image(width: 8, height: 8, channels: 1, pixels: pixels)
          .writePNG(to: place.appending(path: "\(picture).png"))
      }
    }
  }
}

/// What a run leaves that must not depend on how often it was stopped.
struct RunResult: Equatable {
  /// Everything in it, hidden files included.
  var files: [String]
  /// The bytes of every tensor and the metadata of each snapshot, and of a judge.
  var snapshots: [String: [String: Data]] = [:]
  /// The bytes of every picture.
  var images: [String: Data] = [:]
  /// The iterations' numbers, without the time they took.
  var statistics: [[String: Double]] = []
  /// What was measured, without times, and without the folder's name.
  var metrics: [String: String] = [:]

  /// - Parameter run: the run's directory.
  /// - Throws: if a file of it is missing or damaged.
  init(_ run: URL) throws {
    files = try FileManager.default.subpathsOfDirectory(atPath: run.path).sorted()
    for path in files where path.hasSuffix(".safetensors") {
      let file = try SafetensorsFile.read(run.appending(path: path))
      var contents: [String: Data] = [:]
      for (key, tensor) in file.tensors { contents[key] = tensor.withUnsafeBytes { Data($0) } }
      for (key, text) in file.metadata where key != "lethe.run" { contents[key] = Data(text.utf8) }
      snapshots[URL(filePath: path).lastPathComponent] = contents
    }
    for path in files where path.hasPrefix("images/") {
      images[URL(filePath: path).lastPathComponent] = try Data(
        contentsOf: run.appending(path: path))
    }
    if files.contains("metrics.json") {
      let record = try JSONSerialization.jsonObject(
        with: Data(contentsOf: run.appending(path: "metrics.json")))
      for (key, value) in try #require(record as? [String: Any])
      where !["date", "elapsed_seconds"].contains(key) {
        let text = try JSONSerialization.data(
          withJSONObject: value, options: [.sortedKeys, .fragmentsAllowed, .withoutEscapingSlashes])
        metrics[key] = String(decoding: text, as: UTF8.self).replacing(run.path, with: "RUN")
      }
    }
    let lines = try String(contentsOf: run.appending(path: "stats.jsonl"), encoding: .utf8)
    statistics = try lines.split(separator: "\n").map { line in
      var record = try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Double])
      record["seconds"] = nil
      return record
    }
  }

  /// Fails unless another run left the same, naming what differs.
  func expectSame(
    as other: RunResult, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(
      snapshots.keys.sorted() == other.snapshots.keys.sorted(), sourceLocation: sourceLocation)
    for (name, contents) in snapshots {
      let differing = contents.keys.filter { contents[$0] != other.snapshots[name]?[$0] }.sorted()
      #expect(differing.isEmpty, "\(name)", sourceLocation: sourceLocation)
      #expect(contents.count == other.snapshots[name]?.count, sourceLocation: sourceLocation)
    }
    let pictures = images.keys.filter { images[$0] != other.images[$0] }.sorted()
    #expect(pictures.isEmpty, sourceLocation: sourceLocation)
    #expect(images.count == other.images.count, sourceLocation: sourceLocation)
    #expect(statistics == other.statistics, sourceLocation: sourceLocation)
    #expect(metrics == other.metrics, sourceLocation: sourceLocation)
    #expect(files == other.files, sourceLocation: sourceLocation)
  }
}

extension TinyData {
  /// Writes pictures of 16x16 with a file of attributes in CelebA's form: `Hat` lights the upper half,
  /// `Beard` the lower one.
  ///
  /// - Parameters:
  ///   - folder: where they go.
  ///   - count: how many.
  /// - Throws: if a file cannot be written.
  static func writeFaces(_ folder: URL, count: Int = 60) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var lines = ["\(count)", "Hat Beard"]
    for picture in 0..<count {
      let (hasHat, hasBeard) = (picture % 3 == 0, picture % 5 < 2)
      let pixels = (0..<256).map { pixel in
        UInt8(((pixel < 128 ? hasHat : hasBeard) ? 200 : 20) + picture * 7 % 32)
      }
      let name = "\(picture).png"
      try Image(width: 16, height: 16, channels: 1, pixels: pixels)
        .writePNG(to: folder.appending(path: name))
      lines.append("\(name) \(hasHat ? 1 : -1) \(hasBeard ? 1 : -1)")
    }
    try Data((lines.joined(separator: "\n") + "\n").utf8)
      .write(to: folder.appending(path: "list_attr_celeba.txt"))
  }
}
