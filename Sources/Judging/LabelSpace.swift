package import Torch

/// What a classifier tells apart, in the order of its logits.
public enum LabelSpace: Sendable, Hashable {
  /// Classes that exclude each other: every picture shows exactly one, the likeliest.
  ///
  /// The names are recorded, or only stand for positions where nothing records any: then a class is
  /// known by its position alone, and its name must not be compared with words.
  case classes([String], areRecorded: Bool = true)
  /// Attributes that do not: a picture has those whose probability exceeds the threshold.
  case attributes([String], threshold: Double)

  /// Classes that nothing names: called "0", "1" and so on by their positions.
  ///
  /// - Parameter count: how many.
  /// - Returns: the label space.
  public static func numberedClasses(_ count: Int) -> LabelSpace {
    .classes((0..<count).map(String.init), areRecorded: false)
  }

  /// The names of the classes or attributes, in the order of the logits.
  public var names: [String] {
    switch self {
    case .classes(let names, _), .attributes(let names, _): names
    }
  }

  /// Whether the names are more than positions.
  public var areNamesRecorded: Bool {
    if case .classes(_, areRecorded: false) = self { false } else { true }
  }

  /// Whether they are classes, of which a picture shows exactly one, and not attributes.
  public var areClasses: Bool {
    if case .classes = self { true } else { false }
  }

  /// Every class, or the presence of every attribute, in the order of the logits.
  public var concepts: [Concept] { names.map(presence) }

  /// The concept that a user names.
  ///
  /// An attribute may be named by its position from 0 as well. Where the judge knows `No_Beard` and no
  /// `Beard`, as CelebA's judges do, `Beard` is the absence of `No_Beard` (the reference's spelling).
  ///
  /// - Parameter name: a class name; an attribute's name, alone or with `=absent`.
  /// - Returns: the concept.
  /// - Throws: ``JudgingError`` if there is no such class or attribute.
  public func concept(named name: String) throws(JudgingError) -> Concept {
    if names.contains(name) { return presence(name) }
    guard !areClasses else { throw .unknownClass(name: name, known: names) }
    let isPresent = !name.hasSuffix(Concept.absence)
    let word = isPresent ? name : String(name.dropLast(Concept.absence.count))
    if names.contains(word) { return .attribute(word, isPresent: isPresent) }
    if names.contains("No_" + word) { return .attribute("No_" + word, isPresent: !isPresent) }
    if let position = Int(word), names.indices.contains(position) {
      return .attribute(names[position], isPresent: isPresent)
    }
    throw .unknownAttribute(name: name, known: names)
  }

  /// The concepts that a user names.
  ///
  /// - Parameter words: a name each, or several with commas between them.
  /// - Returns: each concept once, in that order.
  /// - Throws: ``JudgingError`` if there is no such class or attribute.
  public func concepts(named words: [String]) throws(JudgingError) -> [Concept] {
    var result: [Concept] = []
    for word in words {
      let parts = word.split(separator: ",").map { String($0).withoutSpaces }
      for name in names.contains(word) || parts.count < 2 ? [word] : parts {
        let concept = try concept(named: name)
        if !result.contains(concept) { result.append(concept) }
      }
    }
    return result
  }

  /// Where a concept's logit stands.
  ///
  /// - Parameter concept: of any label space.
  /// - Returns: its position; nil if the concept is not of this label space.
  public func position(of concept: Concept) -> Int? {
    switch (self, concept) {
    case (.classes(let names, _), .class(let name)),
      (.attributes(let names, _), .attribute(let name, _)):
      names.firstIndex(of: name)
    default: nil
    }
  }

  /// Probabilities from a classifier's logits.
  ///
  /// - Parameter logits: `[N, names.count]`.
  /// - Returns: of the same shape; a row of classes sums to 1, one of attributes need not.
  package func probabilities(fromLogits logits: Tensor) -> Tensor {
    switch self {
    case .classes: logits.softmax(1)
    case .attributes: logits.sigmoid()
    }
  }

  private func presence(_ name: String) -> Concept {
    switch self {
    case .classes: .class(name)
    case .attributes: .attribute(name, isPresent: true)
    }
  }
}

extension String {
  /// The text without spaces at its ends.
  fileprivate var withoutSpaces: String {
    let text = drop { $0.isWhitespace }
    return String(text.prefix(text.count - text.reversed().prefix { $0.isWhitespace }.count))
  }
}
