// swift-tools-version: 6.1
import PackageDescription

let lethe = Target.Dependency.product(name: "LetheKit", package: "lethe")

// Programs outside the house: they see public declarations only. `make examples` builds and runs them.
let package = Package(
  name: "examples",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "lethe", path: "..")],
  targets: [
    .executableTarget(name: "Forgetting", dependencies: [lethe], path: "Forgetting"),
    .executableTarget(
      name: "Extending", dependencies: [lethe], path: "Extending", exclude: ["README.md"],
      resources: [.copy("digits.txt")]),
  ],
  swiftLanguageModes: [.v6]
)
