/// An option that changes nothing with the files that were given.
struct UselessOption: Error, CustomStringConvertible {
  let option: String
  let reason: String

  var description: String { "\(option) has no meaning here: \(reason)" }
}
