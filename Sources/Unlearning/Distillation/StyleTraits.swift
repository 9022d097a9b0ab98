import Judging
import Torch

/// Which attributes the pictures of latents have, beside those that shall be forgotten.
///
/// The way from a face with glasses to faces without leads to the average face, too: it grows pale and
/// earnest if most faces without glasses are. Among faces that agree in everything else, the way is that
/// of the glasses alone.
struct StyleTraits {
  /// Of each negative, 1 for an attribute that it has and 0 for one that it lacks, `[M, A]`.
  let negatives: Tensor
  /// Of each positive, `[P, A]`.
  let positives: Tensor

  /// By what power of e an attribute that differs lowers a weight; less where there are many of them.
  private static func penalty(_ count: Int) -> Double { min(4, 32 / Double(count)) }

  /// What is added to the logarithm of a weight because traits differ.
  ///
  /// - Parameters:
  ///   - range: of the negatives.
  ///   - others: the traits that they are compared with, `[K, A]`.
  /// - Returns: `[range.count, K]`, at most 0.
  func offsets(of range: Range<Int>, to others: Tensor) -> Tensor {
    differences(of: range, to: others) * -Self.penalty(others.shape[1])
  }

  /// In how many traits some negatives differ from others.
  ///
  /// - Parameters:
  ///   - range: of the negatives.
  ///   - others: the traits that they are compared with, `[K, A]`.
  /// - Returns: `[range.count, K]`.
  func differences(of range: Range<Int>, to others: Tensor) -> Tensor {
    let some = negatives.sliced(range)
    let (own, their) = (some.sum([1], keepingDimensions: true), others.sum([1]))
    let common = some.matmul(others.permuted([1, 0]))
    return own + their.reshaped([1, others.shape[0]]) - common * 2
  }

  /// In how many traits negatives differ from what their pictures have become.
  ///
  /// - Parameters:
  ///   - indices: which negatives.
  ///   - others: the traits of their new pictures, `[indices.count, A]`.
  /// - Returns: a number for each.
  func differing(_ indices: [Int], from others: Tensor) -> [Int] {
    (negatives.gathered(indices) - others).abs().sum([1]).array(of: Double.self).map(Int.init)
  }
}

extension LabelSpace {
  /// The attributes that no concept is of; none of classes.
  func otherAttributes(than concepts: [Concept]) -> [Concept] {
    areClasses
      ? [] : self.concepts.filter { own in !concepts.contains { $0.labelName == own.labelName } }
  }
}

extension Judgement {
  /// Which attributes each picture has, `[N, A]`, 1 or 0.
  func traits(_ attributes: [Concept]) -> Tensor {
    let columns = attributes.map { shows($0) }
    return Tensor(
      (0..<count).flatMap { picture in columns.map { Float($0[picture] ? 1 : 0) } },
      shape: [count, columns.count])
  }
}
