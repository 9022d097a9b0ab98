// swift-tools-version: 6.1
import PackageDescription

// Programs outside the house: they see public declarations only. `make test` builds and runs them.
let package = Package(
  name: "examples",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "lethe", path: "..")],
  targets: [
    .executableTarget(
      name: "Forgetting", dependencies: [.product(name: "LetheKit", package: "lethe")],
      path: "Forgetting")
  ],
  swiftLanguageModes: [.v6]
)
