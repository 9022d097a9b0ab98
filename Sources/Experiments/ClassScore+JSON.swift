import Judging
import Runs

extension ClassScore {
  /// The score by the names that records and `--json` use.
  var json: JSON.Object {
    [
      "name": JSON(name), "pictures": JSON(pictureCount), "taken_for": JSON(verdictCount),
      "right": JSON(rightCount), "recall": JSON(recall), "precision": JSON(precision),
      "area_under_curve": JSON(areaUnderCurve),
    ]
  }

  /// The score that a record holds; nil if it is not whole.
  init?(_ json: JSON) {
    guard let name = json["name"]?.string, let pictures = json["pictures"]?.integer,
      let verdicts = json["taken_for"]?.integer, let right = json["right"]?.integer
    else { return nil }
    self.init(
      name: name, pictureCount: pictures, verdictCount: verdicts, rightCount: right,
      areaUnderCurve: json["area_under_curve"]?.number)
  }
}
