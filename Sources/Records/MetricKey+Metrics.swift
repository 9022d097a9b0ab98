extension MetricKey {
  /// The percentage of un-learning.
  public static let pul = MetricKey("pul", title: "PUL", unit: "%", better: .higher)
  /// The percentage of un-learning of each of several concepts.
  public static let pulPerConcept = MetricKey(
    "pul_per_class", title: "PUL per class", unit: "%", better: .higher)
  /// How many of the original's pictures show the concept.
  public static let negativesBefore = MetricKey("negatives_before", title: "Negatives before")
  /// How many of the unlearned generator's pictures show the concept.
  public static let negativesAfter = MetricKey(
    "negatives_after", title: "Negatives after", better: .lower)
  /// How many of the original's pictures show each class or attribute.
  public static let histogramBefore = MetricKey("histogram_before", title: "Pictures before")
  /// How many of the unlearned generator's pictures show each class or attribute.
  public static let histogramAfter = MetricKey("histogram_after", title: "Pictures after")
  /// The share of each other class or attribute over its former one.
  public static let keptRatios = MetricKey("kept_ratios", title: "Kept shares", better: .higher)
  /// The smallest of ``keptRatios``.
  public static let smallestKeptRatio = MetricKey(
    "smallest_kept_ratio", title: "Smallest kept share", better: .higher)
  /// What the judge says of the same latents before and after.
  public static let transitions = MetricKey(
    "transitions", title: "Classes of the same latents, before and after")
  /// How many latents that showed nothing undesired are of the same class as before.
  public static let sameClass = MetricKey(
    "same_class", title: "Same class as before", unit: "%", better: .higher)
  /// The same of the latents of each class.
  public static let sameClassPerClass = MetricKey(
    "same_class_per_class", title: "Same class as before, per class", unit: "%", better: .higher)
  /// How much the pictures of latents that showed nothing undesired have changed, in 0 to 1.
  public static let pictureChange = MetricKey(
    "picture_change", title: "Change of the other pictures", better: .lower)
  /// How much the pictures of latents that showed the concept have changed, in 0 to 1.
  public static let pictureChangeOfForgotten = MetricKey(
    "picture_change_forgotten", title: "Change of the pictures that showed it")
  /// The judge's mean confidence in the original's pictures.
  public static let meanConfidenceBefore = MetricKey(
    "mean_confidence_before", title: "Mean confidence before")
  /// The judge's mean confidence in the unlearned generator's pictures.
  public static let meanConfidenceAfter = MetricKey(
    "mean_confidence_after", title: "Mean confidence after", better: .higher)
  /// The judge's mean confidence in the original's pictures of what is to stay.
  public static let keptConfidenceBefore = MetricKey(
    "kept_confidence_before", title: "Mean confidence in what is kept before")
  /// The judge's mean confidence in the pictures of the same latents after.
  public static let keptConfidenceAfter = MetricKey(
    "kept_confidence_after", title: "Mean confidence in what is kept after", better: .higher)
  /// From the unlearned generator's pictures to the original's positives, the ideal result.
  public static let frechetToOriginalPositives = MetricKey(
    "frechet_to_original_positives", title: "Fréchet distance to the original's positives",
    better: .lower)
  /// From all of the original's pictures to its positives: the value for a generator that forgot
  /// nothing.
  public static let frechetOriginal = MetricKey(
    "frechet_original", title: "Fréchet distance of the original to its positives")
  /// From the unlearned generator's pictures to real positives.
  public static let frechetToData = MetricKey(
    "frechet_to_data", title: "Fréchet distance to real positives", better: .lower)
  /// From the original's pictures to real positives.
  public static let frechetOriginalToData = MetricKey(
    "original_frechet_to_data", title: "Fréchet distance of the original to real positives")
  /// How many real positives there are.
  public static let dataPictures = MetricKey("data_pictures", title: "Real positives")

  /// How many latents a filter has drawn for each picture that it let through.
  public static let drawsPerPicture = MetricKey(
    "draws_per_picture", title: "Latents drawn for a picture that passes the filter",
    better: .lower)

  /// From the pictures of a generator in training to those it is trained on.
  public static let frechetToTrainingData = MetricKey(
    "frechet_to_training_data", title: "Fréchet distance to the training data", better: .lower)
  /// How many of the pictures that it is trained on were looked at.
  public static let trainingPictures = MetricKey(
    "training_pictures", title: "Training pictures compared with")
  /// How many pictures of a generator in training show each class or attribute.
  public static let histogram = MetricKey("histogram", title: "Pictures of each class")

  /// Every metric of a generator in training, in the order to show.
  public static let ofTraining: [MetricKey] = [
    .frechetToTrainingData, .trainingPictures, .histogram,
  ]

  /// Every metric that Lethe's own evaluation of one concept measures, in the order to show;
  /// ``pulPerConcept`` follows ``pul`` where there are several.
  public static let all: [MetricKey] = [
    .pul, .negativesBefore, .negativesAfter, .histogramBefore, .histogramAfter, .keptRatios,
    .smallestKeptRatio, .transitions, .sameClass, .sameClassPerClass, .pictureChange,
    .pictureChangeOfForgotten, .meanConfidenceBefore, .meanConfidenceAfter,
    .keptConfidenceBefore, .keptConfidenceAfter,
    .frechetToOriginalPositives, .frechetOriginal, .frechetToData, .frechetOriginalToData,
    .dataPictures,
  ]
}
