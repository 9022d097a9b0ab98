import Auditing
import Evaluation
import Records
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

@Suite struct CompressionTests {
  private let world = AuditWorld()
  private var parameters: ParameterVector { world.unlearned.parameters }

  @Test func `pruning zeroes exactly the wanted number of each weight, the smallest`() {
    let pruned = Compression.pruned(parameters, share: 0.3)
    var weights = 0
    for (parameter, range) in zip(parameters.parameters, parameters.ranges) {
      let before = parameters.values.sliced(range).array(of: Float.self)
      let after = pruned.sliced(range).array(of: Float.self)
      guard Compression.isWeight(parameter) else {
        #expect(before == after, "\(parameter.name)")
        continue
      }
      weights += 1
      let wanted = Int((0.3 * Double(before.count)).rounded())
      #expect(after.count { $0 == 0 } == wanted, "\(parameter.name)")
      let left = after.filter { $0 != 0 }.map(abs).min() ?? 0
      let gone = zip(before, after).filter { $0.1 == 0 }.map { abs($0.0) }.max() ?? 1
      #expect(gone <= left, "\(parameter.name)")
    }
    #expect(weights > 4)
  }

  @Test func `of equal weights no more are pruned than wanted`() {
    parameters.overwrite("conv1.conv.weight", with: Tensor.full(0.5, shape: [1, 4, 4, 3, 3]))
    let pruned = parameters.named(Compression.pruned(parameters, share: 0.5))
    let weight = pruned["conv1.conv.weight"]?.array(of: Float.self) ?? []
    #expect(weight.count { $0 == 0 } == 72)
    #expect(weight.count { $0 == 0.5 } == 72)
  }

  @Test func `biases, noise strengths and the learned constant are no weights`() {
    let kept = Set(parameters.parameters.filter { !Compression.isWeight($0) }.map(\.name))
    #expect(
      kept.isSuperset(of: [
        "input.input", "style.1.bias", "conv1.noise.weight", "conv1.activate.bias", "to_rgb1.bias",
      ]))
    #expect(
      kept.isDisjoint(with: [
        "style.1.weight", "conv1.conv.weight", "conv1.conv.modulation.weight",
        "to_rgb1.conv.weight",
      ]))
  }

  @Test func `8 bits keep whole steps, at most half a step away`() {
    let rounded = Compression.roundedToInt8(parameters)
    for (parameter, range) in zip(parameters.parameters, parameters.ranges) {
      let before = parameters.values.sliced(range).array(of: Float.self).map(Double.init)
      let after = rounded.sliced(range).array(of: Float.self).map(Double.init)
      let step = (before.map(abs).max() ?? 0) / 127
      guard step > 0 else { continue }
      #expect(
        zip(before, after).allSatisfy { abs($0 - $1) <= 0.5001 * step }, "\(parameter.name)")
      #expect(
        after.allSatisfy { abs($0 / step - ($0 / step).rounded()) < 1e-3 }, "\(parameter.name)")
    }
  }

  @Test func `half precision keeps what it can hold`() {
    parameters.values.fillInPlace(1 + 1.0 / 512)
    let half = Compression.rounded(parameters, to: .float16)
    #expect(half.sliced(0..<1).item() == 1 + 1.0 / 512)
    let brain = Compression.rounded(parameters, to: .bfloat16)
    #expect(brain.sliced(0..<1).item() == 1)
    #expect(brain.scalarType == .float32)
  }

  @Test func `each compression has a share, and the largest is that of one of them`() throws {
    let subject = world.subject()
    let finding = try Compression().examine(subject.unlearned, in: subject) { _ in }
    let shares = try finding.measurement(.compressionShares)
    guard case .numberPerClass(let values) = shares.value else {
      Issue.record("no shares")
      return
    }
    #expect(
      values.map(\.className) == [
        "unchanged", "float16", "bfloat16", "int8", "10 % pruned", "20 % pruned", "30 % pruned",
        "50 % pruned",
      ])
    let own = try subject.share(of: world.unlearned).value
    #expect(values[0].value == 100 * own)
    let largest = try finding.measurement(.compressionLargestShare).number
    #expect(largest == values.dropFirst().compactMap(\.value).max())
    let curve = try finding.curve("pruning_shares")
    #expect(curve.points.map(\.x) == [0, 10, 20, 30, 50])
  }
}
