import Foundation
import GANs
import Records
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN
import Unlearning

@Suite struct ParameterDistanceTests {
  private let fixture: GeneratorFixture
  private let parameters: ParameterVector

  init() throws {
    fixture = try GeneratorFixture("distances.safetensors", in: .module)
    parameters = fixture.generator.parameters
  }

  private static let cases = ParameterDistance.allCases.flatMap { distance in
    [1, 2, 3].map { (distance, $0) }
  }

  private func ensemble(_ distance: ParameterDistance, _ count: Int) throws -> AdaptedEnsemble {
    AdaptedEnsemble(
      try (0..<count).map { try fixture.vector("in.adapted.\($0).flat") },
      parameters: parameters, distance: distance)
  }

  @Test func `runtime scales are PyTorch's`() throws {
    let expected = try fixture.tensor("in.scales").array(of: Double.self)
    let names = try fixture.parameterNames
    #expect(parameters.parameters.map(\.name) == names)
    for (parameter, scale) in zip(parameters.parameters, expected) {
      #expect(abs(parameter.runtimeScale / scale - 1) < 1e-6, "\(parameter.name)")
    }
    // What tells them apart: the mapping network, modulations and convolutions.
    #expect(Set(expected).count >= 4)
  }

  @Test(arguments: cases)
  func `the distance and its gradient agree with PyTorch`(
    distance: ParameterDistance, count: Int
  ) throws {
    let key = "\(distance.rawValue).k\(count)"
    let (squared, half) = try ensemble(distance, count).squaredDistance(
      fixture.vector("in.theta.flat"))
    let expected = try fixture.tensor("out.distance.\(key)").item()
    #expect(abs(squared / expected - 1) < 1e-5)
    let gradient = try fixture.vector("out.distance_grad.\(key).flat")
    #expect((half * 2).relativeDifference(from: gradient) < 1e-5)
  }

  @Test(arguments: cases)
  func `every loss agrees with PyTorch in value and gradient`(
    distance: ParameterDistance, count: Int
  ) throws {
    parameters.values.copyInPlace(try fixture.vector("in.theta.flat"))
    let ensemble = try ensemble(distance, count)
    let losses: [any RepulsionLoss] = [
      .exponentialL2(alpha: try fixture.number("EL2_alpha")), .negativeL2, .inverseL2,
    ]
    for loss in losses {
      let key = "\(loss.name).\(distance.rawValue).k\(count)"
      let gamma = try fixture.number("\(loss.name)_gamma")
      let term = RepulsionTerm(ensemble, loss: loss, gamma: gamma)
      parameters.zeroGradients()
      let measured = term.addGradient(to: parameters, iteration: 0)
      let expected = try fixture.tensor("out.repulsion.\(key)").item()
      let norm = try fixture.tensor("out.repulsion_grad_norm.\(key)").item()
      // exp(-αd²) repeats the rounding of d² αd² times.
      let exponent = abs(gamma * expected) > 0 ? max(1, abs(log(abs(expected / gamma)))) : 1
      let tolerance = loss is NegativeL2 ? 1e-5 : 1e-5 * exponent
      guard norm > 1e-30, abs(expected) > 1e-30 else {
        // The paper's distance is so long here that EL2 is nothing in single precision.
        #expect(abs(measured[.repulsion] ?? 1) < 1e-25, "\(key)")
        continue
      }
      #expect(abs((measured[.repulsion] ?? 0) / expected - 1) < tolerance, "\(key)")
      let actual = parameters.gradients.to(.float64).square().sum().sqrt().item()
      #expect(abs(actual / norm - 1) < tolerance, "\(key)")
      // Away from the adapted ones: against the gradient of the distance.
      let along = (parameters.gradients * (parameters.values - ensemble.mean)).sum().item()
      #expect(along < 0, "\(key)")
    }
  }

  @Test func `the gradient is added to what is there`() throws {
    let theta = try fixture.vector("in.theta.flat")
    parameters.values.copyInPlace(theta)
    let ensemble = try ensemble(.effective, 2)
    let term = RepulsionTerm(ensemble, loss: .negativeL2, gamma: 3)
    parameters.gradients.fillInPlace(5)
    let measured = term.addGradient(to: parameters, iteration: 0)
    let (squared, half) = ensemble.squaredDistance(theta)
    #expect(measured == [.squaredDistance: squared, .repulsion: -3 * squared])
    #expect((parameters.gradients - 5).largestDifference(from: half * -6) < 1e-5)
  }

  @Test func `the models' mean is not the whole distance`() throws {
    // Two models on both sides of θ: their mean is θ, their distance is not 0.
    let theta = try fixture.vector("in.theta.flat")
    let step = Tensor.full(0.5, shape: theta.shape) * parameters.filled { _ in 1 }
    let ensemble = AdaptedEnsemble(
      [theta - step, theta + step], parameters: parameters, distance: .paper)
    let (squared, half) = ensemble.squaredDistance(theta)
    #expect(abs(squared / (0.25 * Double(parameters.elementCount)) - 1) < 1e-5)
    #expect(half.abs().max().item() < 1e-5)
  }

  @Test func `scale-free alpha brings the loss to 1 over e at the original`() throws {
    let theta = try fixture.vector("in.theta.flat")
    let ensemble = try ensemble(.paper, 2)
    let squared = ensemble.squaredDistance(theta).squaredDistance
    let loss = ExponentialL2().scaled(toOriginal: squared)
    #expect(abs(loss.value(squaredDistance: squared) - 0.367879441) < 1e-9)
    // One that the user gives stays.
    #expect(
      ExponentialL2(alpha: 2).scaled(toOriginal: squared).isEqual(to: .exponentialL2(alpha: 2)))
  }
}
