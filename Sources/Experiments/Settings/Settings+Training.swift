public import GANs

extension Settings where Options == TrainingOptions {
  /// The constants of a training, with what follows from what somebody has asked for.
  ///
  /// - Parameter former: the weights of the penalties of the training that this one goes on from; nil for
  ///   a training of its own.
  /// - Returns: the constants, which training takes.
  /// - Throws: ``SettingError``.
  public func resolved(continuing former: GANFile.Regularisation? = nil) throws -> TrainingOptions {
    let result = concluded(continuing: former)
    try SettingError.inside("") { try result.validate() }
    try refuseUnread(result)
    return result
  }

  /// The constants with what follows from what somebody has asked for.
  func concluded(continuing former: GANFile.Regularisation?) -> TrainingOptions {
    var result = options
    if given.contains("learning_rate") {
      // A rate that somebody asks for is the rate; a checkpoint's own would win otherwise.
      if !given.contains("keeps_optimiser_constants") { result.keepsOptimiserConstants = false }
      if !given.contains("learning_rate_factor") { result.learningRateFactor = 1 }
    }
    if let former {
      result.goOn(with: former)
      if given.contains("r1_weight") { result.r1Weight = options.r1Weight }
      if given.contains("path_length_weight") {
        result.pathLengthWeight = options.pathLengthWeight
      }
    }
    return result
  }

  /// Refuses constants that somebody asks for and that training would not look at.
  ///
  /// The usual ones may stand there: a printed recipe has all of them.
  func refuseUnread(_ resolved: TrainingOptions) throws(SettingError) {
    let usual = TrainingOptions()
    if given.contains("learning_rate"), resolved.keepsOptimiserConstants,
      resolved.learningRate != usual.learningRate
    {
      throw .rateOfFileWins(rate: "learning_rate", wish: "keeps_optimiser_constants")
    }
    if let augmentation = resolved.augmentation, augmentation.probability != nil {
      let usual = AugmentationOptions()
      for (field, isUsual) in [
        ("augmentation.target", augmentation.target == usual.target),
        ("augmentation.length", augmentation.length == usual.length),
      ] where given.contains(field) && !isUsual {
        throw .useless(
          field: field, reason: "augmentation.probability is fixed, and nothing adapts it then")
      }
    }
    for (interval, weight, value, isUsual) in [
      ("r1_interval", "r1_weight", resolved.r1Weight, resolved.r1Interval == usual.r1Interval),
      (
        "path_length_interval", "path_length_weight", resolved.pathLengthWeight,
        resolved.pathLengthInterval == usual.pathLengthInterval
      ),
    ] where value == 0 && given.contains(interval) {
      if given.contains(weight), isUsual { continue }
      throw .penaltyIsOff(interval: interval, weight: weight, isOfGAN: !given.contains(weight))
    }
  }
}
