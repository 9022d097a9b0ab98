import ArgumentParser

/// What files record of their descent, and whether that counts.
struct IdentityArguments: ParsableArguments {
  @Flag(
    help: """
      Take files although they record that they belong to another GAN or another class than you name.
      """)
  var acceptMismatch = false
}
