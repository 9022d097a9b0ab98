import Judging
import Runs

extension AttributeScore {
  /// The score by the names that records and `--json` use.
  var json: JSON.Object {
    [
      "name": JSON(name), "pictures": JSON(pictureCount), "present": JSON(presentCount),
      "found": JSON(foundCount), "false": JSON(falseCount),
      "accuracy": accuracy.map { JSON($0) } ?? .null,
      "recall": recall.map { JSON($0) } ?? .null,
      "precision": precision.map { JSON($0) } ?? .null,
      "area_under_curve": areaUnderCurve.map { JSON($0) } ?? .null,
    ]
  }

  /// The score that a record holds; nil if it is not whole.
  init?(_ json: JSON) {
    guard let name = json["name"]?.string, let pictures = json["pictures"]?.integer,
      let present = json["present"]?.integer, let found = json["found"]?.integer,
      let wrong = json["false"]?.integer
    else { return nil }
    self.init(
      name: name, presentCount: present, absentCount: pictures - present, foundCount: found,
      falseCount: wrong, areaUnderCurve: json["area_under_curve"]?.number)
  }
}
