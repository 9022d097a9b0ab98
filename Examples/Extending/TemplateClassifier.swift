import Datasets
import Judging
import Torch

/// Says that a picture shows the class of the template that it is most like; nothing is trained.
struct TemplateClassifier: Classifier {
  let name = "nearest template"
  let labels: LabelSpace
  let preprocessing: Preprocessing
  private let templates: Tensor  // [N, size * size]

  /// A classifier whose templates are pictures of different classes.
  init(_ pictures: Dataset) throws {
    labels = .classes((pictures.classes ?? []).map { pictures.classNames[$0] })
    preprocessing = Preprocessing(size: pictures.height, channels: 1, range: .zeroToOne)
    let all = try pictures.batch(Array(0..<pictures.count), range: .zeroToOne, channels: 1)
    templates = Self.directions(all)
  }

  var featureCount: Int { templates.shape[1] }
  var device: Device { templates.device }
  func features(_ pictures: Tensor) -> Tensor { Self.directions(pictures) }
  func logits(fromFeatures x: Tensor) -> Tensor { x.matmul(templates.transposed) * 20 }

  /// Pictures as vectors of mean 0 and length 1, `[N, size * size]`.
  private static func directions(_ pictures: Tensor) -> Tensor {
    let rows = pictures.reshaped([pictures.shape[0], pictures.elementCount / pictures.shape[0]])
    let centred = rows - rows.mean([1], keepingDimensions: true)
    return centred / (centred.square().sum([1], keepingDimensions: true).sqrt() + 1e-6)
  }
}
