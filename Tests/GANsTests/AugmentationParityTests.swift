import Checkpoints
import Foundation
import TestSupport
import Testing
import Torch

@testable import GANs

/// Each change against PyTorch, with two derivatives (Scripts/fixtures/make_augmentation.py).
@Suite struct AugmentationParityTests {
  private let fixture: Checkpoint

  init() throws {
    fixture = try Checkpoint.read(
      #require(
        Bundle.module.url(forResource: "Fixtures/augmentation", withExtension: "safetensors")))
  }

  private func tensor(_ key: String) throws -> Tensor {
    try #require(fixture.tensors[key], "\(key)")
  }

  /// A row of constants, in the script's order.
  private func change(_ c: [Double]) -> PictureChange {
    var change = PictureChange()
    (change.isMirrored, change.quarterTurns) = (c[0] == 1, Int(c[1]))
    change.wholeShift = (c[2], c[3])
    (change.scale, change.turnBefore, change.stretch, change.turnAfter) = (c[4], c[5], c[6], c[7])
    change.shift = (c[8], c[9])
    (change.brightness, change.contrast, change.flipsLuma) = (c[10], c[11], c[12] == 1)
    (change.hue, change.saturation) = (c[13], c[14])
    change.bands = Array(c[15..<19])
    (change.noise, change.cutoutSize, change.cutoutCentre) = (c[19], c[20], (c[21], c[22]))
    return change
  }

  private static let cases: [(AugmentationPreset, String)] =
    [
      (.blit, "mirror"), (.blit, "quarter_turn"), (.blit, "whole_shift"), (.geom, "scale"),
      (.geom, "turn_before"), (.geom, "stretch"), (.geom, "turn_after"), (.geom, "shift"),
      (.color, "brightness"), (.color, "contrast"), (.color, "luma_flip"), (.color, "hue"),
      (.color, "saturation"),
    ] + (0..<4).map { (.filter, "band\($0)") } + [
      (.noise, "noise"), (.cutout, "cutout"), (.bgcfnc, "all"),
    ]

  @Test(arguments: cases, PixelRange.allCases)
  func `a change and its derivatives are PyTorch's`(
    example: (preset: AugmentationPreset, name: String), range: PixelRange
  ) throws {
    let name = "\(example.preset.rawValue).\(example.name)"
    let rows = try tensor("\(name).constants").array(of: Double.self)
    let changes = [change(Array(rows[..<23])), change(Array(rows[23...]))]
    var options = AugmentationOptions()
    options.preset = example.preset
    let augmentation = AdaptiveAugmentation(
      options, size: 8, pixelRange: range, random: RandomGenerator(seed: 1))
    let draw = augmentation.tensors(
      of: changes, noise: example.preset.groups.contains(.noise) ? try tensor("noise") : nil)
    let pictures = try tensor("pictures").asInput()
    /// The changed pictures, in -1 to 1 whatever the range is.
    func changed() -> Tensor {
      let given = PixelRange.minusOneToOne.convert(pictures, to: range)
      return range.convert(augmentation.augmented(given, by: draw), to: .minusOneToOne)
    }
    let result = changed()
    #expect(result.largestDifference(from: try tensor("\(name).changed")) < 1e-5)

    let (weights, heads) = (try tensor("weights").asInput(), try tensor("heads").asInput())
    let network = (result.reshaped([2, 192]).linear(weights).softplus() * heads).sum()
    let first = network.gradients(of: [pictures], differentiable: true)[0]
    #expect(first.relativeDifference(from: try tensor("\(name).first")) < 1e-5)
    let second = first.square().sum().gradients(of: [pictures, weights, heads])
    for (found, part) in zip(second, ["second", "second_weights", "second_heads"]) {
      #expect(found.relativeDifference(from: try tensor("\(name).\(part)")) < 1e-5, "\(part)")
    }
  }

  @Test func `without a look at what is changed, a device computes the same`() throws {
    let rows = try tensor("bgcfnc.all.constants").array(of: Double.self)
    var options = AugmentationOptions()
    options.preset = .bgcfnc
    let augmentation = AdaptiveAugmentation(options, size: 8, random: RandomGenerator(seed: 1))
    let some = augmentation.tensors(
      of: [PictureChange(), change(Array(rows[23...]))], noise: try tensor("noise"))
    let pictures = try tensor("pictures")
    let one = augmentation.augmented(pictures, by: some)
    let other = augmentation.augmentedWithoutLooking(pictures, by: some)
    #expect(other.largestDifference(from: one) < 1e-6)
    for result in [one, other] {
      #expect(result.sliced(0..<1).hasSameBits(as: pictures.sliced(0..<1)))
      #expect(result.sliced(1..<2).largestDifference(from: pictures.sliced(1..<2)) > 0.1)
    }
  }

  @Test
  func `the wavelets are orthonormal to their even shifts, and the bands add up to the picture`() {
    for (wavelet, moments) in [(Wavelet.sym2, 2), (Wavelet.sym6, 6)] {
      for shift in Swift.stride(from: 0, to: wavelet.count, by: 2) {
        let product = zip(wavelet, wavelet.dropFirst(shift)).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(product - (shift == 0 ? 1 : 0)) < 1e-9)
      }
      for moment in 0..<moments {
        var sum = 0.0
        for (index, value) in wavelet.enumerated() {
          let sign: Double = index % 2 == 0 ? 1 : -1
          sum += sign * pow(Double(index), Double(moment)) * value
        }
        #expect(abs(sum) < 1e-5, "moment \(moment)")
      }
    }
    let taps = FilterBank.taps
    #expect(taps.map(\.count) == [43, 43, 43, 43])
    for position in 0..<43 {
      let sum = taps.reduce(0) { $0 + $1[position] }
      #expect(abs(sum - (position == 21 ? 1 : 0)) < 1e-12)
    }
  }

  @Test func `a picture comes back from the canvas, and goes on as in a mirror`() {
    let size = 9
    let picture = RandomGenerator(seed: 3).normal([1, 3, size, size])
    let resampling = GeometricResampling(size: size, device: .cpu)
    func moved(_ x: Float, _ y: Float) -> Tensor {
      resampling.resampled(picture, by: Tensor([1, 0, x, 0, 1, y] as [Float], shape: [1, 2, 3]))
    }
    #expect(moved(0, 0).largestDifference(from: picture) < 1e-5)
    // However far: after 16 pixels there is the picture again.
    #expect(moved(16, -48).largestDifference(from: picture) < 1e-4)
    let columns = (0..<size).map { Mirror(size).pixel($0 + 3) }
    #expect(columns == [3, 4, 5, 6, 7, 8, 7, 6, 5])
    let expected = picture.gathered(Tensor(columns.map(Int64.init)), dimension: 3)
    #expect(moved(3, 0).largestDifference(from: expected) < 1e-5)
  }
}
