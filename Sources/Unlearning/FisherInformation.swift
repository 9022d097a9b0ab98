import StyleGAN2
import Torch
import TorchNN

/// How much each parameter of a generator matters to what its discriminator sees.
///
/// The diagonal of the Fisher information as the reference estimates it: the mean over generated
/// pictures of the squared derivative of the discriminator's logit. The paper writes the expected
/// negative Hessian of a log-likelihood; for a diagonal estimate the squared first derivative is the
/// usual form (Docs/Method.md, "Fisher information").
public enum FisherInformation {
  /// The parameters that the reference consolidates: the convolutions from 8x8 on.
  ///
  /// - Parameter name: a parameter's.
  /// - Returns: whether it is one of them.
  public static func covers(_ name: String) -> Bool { name.hasPrefix("convs.") }

  /// The diagonal at a generator's present parameters.
  ///
  /// - Parameters:
  ///   - generator: where the derivative is taken; its gradients are overwritten.
  ///   - discriminator: whose logit is differentiated.
  ///   - pictures: `[N, 3, size, size]`, made by `generator` with a graph.
  /// - Returns: a vector of the generator's layout: the estimate for `convs.*`, zero elsewhere.
  public static func diagonal(
    _ generator: Generator, _ discriminator: Discriminator, pictures: Tensor
  ) -> Tensor {
    let discriminatorWasTrained = discriminator.parameters.requiresGradient
    discriminator.parameters.requiresGradient = false
    defer { discriminator.parameters.requiresGradient = discriminatorWasTrained }
    let parameters = generator.parameters
    let result = Tensor.zeros([parameters.length], device: parameters.device)
    let logits = discriminator(pictures)
    let count = pictures.shape[0]
    for index in 0..<count {
      parameters.zeroGradients()
      logits.sliced(index..<index + 1).sum().backward(keepingGraph: index + 1 < count)
      result.addProductInPlace(
        parameters.gradients, parameters.gradients, times: 1 / Double(count))
    }
    parameters.zeroGradients()
    result.copyInPlace(result * parameters.filled { covers($0.name) ? 1 : 0 })
    return result
  }
}
