// swift-tools-version: 6.1
import PackageDescription

let lethe = Target.Dependency.product(name: "LetheKit", package: "lethe")

// Throws damaged and hostile files at everything that reads what strangers wrote. `Scripts/fuzz` builds and
// runs it; libFuzzer provides the main program, and Swift's toolchain libFuzzer.
let package = Package(
  name: "fuzzing",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "lethe", path: "..")],
  targets: [
    .executableTarget(
      name: "Fuzzing", dependencies: [lethe], path: "Sources",
      swiftSettings: [.unsafeFlags(["-parse-as-library"])],
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])])
  ],
  swiftLanguageModes: [.v6]
)
