import Datasets
public import Runs

extension DataCheck {
  /// The findings by the names that `--json` prints.
  public var json: JSON.Object {
    [
      "path": JSON(survey.path), "format": JSON(survey.format),
      "trainable": JSON(survey.isTrainable), "pictures": JSON(survey.count),
      "parts": .array(survey.parts.map { .object($0.json) }),
      "duplicates": JSON(survey.duplicateCount),
      "equal_pictures": .array(survey.duplicates.map { JSON($0) }),
      "obstacles": JSON(obstacles), "warnings": JSON(warnings),
    ]
  }
}

extension DatasetSurvey.Part {
  fileprivate var json: JSON.Object {
    var result: JSON.Object = [
      "part": JSON(split?.rawValue ?? "all"), "pictures": JSON(count + unlabelled.count),
      "sizes": .array(
        sizes.map {
          [
            "width": JSON($0.size.width), "height": JSON($0.size.height),
            "pictures": JSON($0.count),
          ]
        }),
      "color": JSON(colorCount), "grey": JSON(greyCount),
    ]
    let counts = JSON.array(
      labelCounts.map { ["name": JSON($0.name), "pictures": JSON($0.count)] })
    switch labels {
    case .none: break
    case .classes: result["classes"] = counts
    case .attributes: result["attributes"] = counts
    }
    result["not_decoded"] = .array(
      faults.map { ["name": JSON($0.name), "reason": JSON($0.reason)] })
    result["without_label"] = JSON(unlabelled)
    result["labels_without_picture"] = JSON(unusedLabels.count)
    result["skipped_files"] = JSON(skipped.count)
    return result
  }
}
