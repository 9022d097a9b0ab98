// swift-tools-version: 6.1
import Foundation
import PackageDescription

// MARK: - libtorch

/// The folder with libtorch's `include` and `lib`.
///
/// `LIBTORCH` names it; `LIBTORCH_USE_PYTORCH=1` asks an installed `torch` Python package for it; with
/// neither, `make setup` has put it into `.libtorch`. `Scripts/bootstrap` resolves the first two into
/// the same link, so that an editor that knows no environment builds as well.
let libtorch =
  Context.environment["LIBTORCH"] ?? "\(Context.packageDirectory)/.libtorch"

// Absolute search paths need `unsafeFlags`: SwiftPM lets them through in a root package only
// (Docs/Architecture.md, "Why unsafeFlags").
let torchHeaders: [CXXSetting] = [
  .unsafeFlags(
    [
      "-isystem", "\(libtorch)/include",
      "-isystem", "\(libtorch)/include/torch/csrc/api/include",
      // The kernels read best as plain loops; they are fast only when those loops are vectorised.
      "-O3", "-fno-math-errno", "-ffp-contract=fast",
    ] + namesOfGCC)
]

/// What has C++ read another target's headers as they stand.
///
/// In C++20 Clang takes a module map as an order to import the module, which nobody has built.
let includesAreText = CXXSetting.unsafeFlags(["-fno-cxx-modules"])

/// What makes Clang name templates as GCC does, which PyTorch's builds for Linux come from.
///
/// Since version 18, Clang puts constraints on template parameters into a symbol's name; libtorch 2.11
/// has them in `const_data_ptr` and could not be linked.
var namesOfGCC: [String] {
  #if os(Linux)
    ["-fclang-abi-compat=17"]
  #else
    []
  #endif
}

let torchLibraries: [LinkerSetting] = [
  .unsafeFlags(["-L\(libtorch)/lib", "-Xlinker", "-rpath", "-Xlinker", "\(libtorch)/lib"]),
  .linkedLibrary("torch"), .linkedLibrary("torch_cpu"), .linkedLibrary("c10"),
  .unsafeFlags(cudaLibraries),
]

/// What a CUDA build of libtorch needs beside: nothing without one.
///
/// Its libraries register that backend when they are loaded. No symbol of ours needs them, so the
/// linker must be told to keep them; what they need of NVIDIA's is found at run time.
var cudaLibraries: [String] {
  guard FileManager.default.fileExists(atPath: "\(libtorch)/lib/libtorch_cuda.so") else {
    return []
  }
  return [
    "--push-state", "--no-as-needed", "-ltorch_cuda", "-lc10_cuda", "--pop-state",
    "--allow-shlib-undefined",
  ].flatMap { ["-Xlinker", $0] }
}

// MARK: - The house: every target depends only on the ones above it

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let collections = Target.Dependency.product(
  name: "OrderedCollections", package: "swift-collections")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "lethe",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "lethe", targets: ["lethe"]),
    .library(
      name: "LetheKit",
      targets: [
        "Files", "Records", "Torch", "Kernels", "TorchNN", "Checkpoints", "Datasets", "Runs",
        "GANs",
        "StyleGAN2", "SWAGAN", "Judging", "Classifiers", "Extractors", "Unlearning",
        "Gaussians",
        "Evaluation", "Auditing", "Reports", "Experiments", "Recipes", "LetheKit",
      ]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // The engine.
    .target(name: "CTorch", cxxSettings: torchHeaders, linkerSettings: torchLibraries),
    .target(name: "Torch", dependencies: ["CTorch", collections]),
    .target(
      name: "CKernels", dependencies: ["CTorch"], exclude: ["README.md"],
      cxxSettings: torchHeaders + [includesAreText]),
    .target(name: "Kernels", dependencies: ["CKernels", "CTorch", "Torch"]),
    .target(name: "TorchNN", dependencies: ["Torch"]),

    // Files and records.
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    // On macOS the system's CommonCrypto takes its place.
    .systemLibrary(
      name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(
      name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .systemLibrary(
      name: "CJPEG", pkgConfig: "libjpeg",
      providers: [.apt(["libjpeg-dev"]), .brew(["jpeg-turbo"])]),
    .target(name: "CImage", dependencies: ["CPNG", "CJPEG"]),
    .systemLibrary(name: "CFiles"),
    .target(name: "Files", dependencies: ["CFiles", "CZlib"]),
    .target(name: "Checkpoints", dependencies: ["Files", "Torch", "CZlib"]),
    .target(
      name: "Datasets", dependencies: ["Files", "Torch", "CImage", "CZlib"]),
    .target(name: "Records"),
    .target(
      name: "Runs",
      dependencies: [
        "Files", "Records", collections,
        .target(name: "CCrypto", condition: .when(platforms: [.linux])),
      ]),
    .target(name: "Reports", dependencies: ["Files", "Records", "Runs"]),
    .target(name: "CTerminal"),
    .target(name: "Terminal", dependencies: ["CTerminal", "Records"]),

    // Models, the method, its proof.
    .target(
      name: "GANs", dependencies: ["Records", "Torch", "TorchNN", "Checkpoints", "Datasets"]),
    .target(
      name: "StyleGAN2", dependencies: ["Torch", "Kernels", "TorchNN", "Checkpoints", "GANs"]),
    .target(
      name: "SWAGAN",
      dependencies: ["Torch", "Kernels", "TorchNN", "Checkpoints", "GANs", "StyleGAN2"]),
    .target(name: "Judging", dependencies: ["Torch", "Records"]),
    .target(
      name: "Classifiers",
      dependencies: [
        "Torch", "TorchNN", "Files", "Checkpoints", "Datasets", "Judging", "Records",
      ]),
    .target(
      name: "Extractors",
      dependencies: [
        "Records", "Torch", "TorchNN", "Checkpoints", "Runs", "Judging", "Classifiers",
      ]),
    .target(
      name: "Unlearning",
      dependencies: ["Records", "Torch", "TorchNN", "Datasets", "GANs", "Judging"]),
    // The paper's toy, in the plane.
    .target(
      name: "Gaussians",
      dependencies: ["Records", "Torch", "Kernels", "TorchNN", "GANs", "Unlearning"]),
    .target(
      name: "Evaluation",
      dependencies: ["Records", "Torch", "Datasets", "GANs", "Judging"]),

    .target(
      name: "Auditing",
      dependencies: [
        "Records", "Torch", "TorchNN", "Datasets", "GANs", "Judging", "Evaluation",
      ]),

    // Whole experiments, as a command, a page or a test drives them.
    .target(
      name: "Experiments",
      dependencies: [
        "Files", "Records", "Torch", "Kernels", "TorchNN", "Checkpoints", "Datasets", "Runs",
        "GANs",
        "StyleGAN2", "SWAGAN", "Judging", "Classifiers", "Extractors", "Unlearning",
        "Gaussians",
        "Evaluation", "Auditing", "Reports",
      ], resources: [.copy("Models")]),

    .target(
      name: "Benchmarking",
      dependencies: [
        "Records", "Torch", "Kernels", "TorchNN", "Datasets", "Runs", "GANs", "StyleGAN2",
        "Judging",
        "Classifiers", "Unlearning", "Evaluation",
      ]),

    // An experiment as a file; nothing else reads YAML.
    .target(
      name: "Recipes",
      dependencies: [
        "Files", "Records", "Torch", "TorchNN", "Checkpoints", "Datasets", "Runs", "GANs",
        "StyleGAN2", "Judging", "Classifiers", "Unlearning", "Evaluation", "Auditing", "Reports",
        "Experiments", yams,
      ]),

    // One import for programs: the method in a few lines, on a terminal.
    .target(
      name: "LetheKit",
      dependencies: [
        "Records", "Torch", "Checkpoints", "Datasets", "Runs", "GANs", "Judging", "Classifiers",
        "Unlearning", "Evaluation", "Reports", "Experiments", "Terminal",
      ]),

    // The command.
    .executableTarget(
      name: "lethe",
      dependencies: [
        "Files", "Records", "Torch", "Kernels", "TorchNN", "Checkpoints", "Datasets", "Runs",
        "GANs",
        "StyleGAN2", "Judging", "Classifiers", "Extractors", "Unlearning", "Gaussians",
        "Evaluation", "Auditing", "Reports", "Experiments", "Benchmarking", "Recipes", "Terminal",
        "LetheKit", argumentParser,
      ]),

    // Tests mirror the sources.
    .target(name: "TestSupport", dependencies: ["Torch"], path: "Tests/TestSupport"),
    .target(
      name: "TestNetworks",
      dependencies: [
        "Records", "Torch", "TorchNN", "Checkpoints", "GANs", "StyleGAN2", "Judging",
        "Classifiers",
      ], path: "Tests/TestNetworks"),
    .testTarget(name: "TorchTests", dependencies: ["Torch", "TestSupport"]),
    .testTarget(name: "KernelsTests", dependencies: ["Torch", "Kernels", "TestSupport"]),
    .testTarget(name: "TorchNNTests", dependencies: ["Torch", "TorchNN", "TestSupport"]),
    .testTarget(
      name: "CheckpointsTests",
      dependencies: ["Torch", "Checkpoints", "Files", "CZlib", "TestSupport"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "DatasetsTests", dependencies: ["Torch", "Datasets", "CZlib", "TestSupport"],
      resources: [.copy("Fixtures")]),
    .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport"]),
    .testTarget(name: "RecordsTests", dependencies: ["Records"]),
    .testTarget(name: "RunsTests", dependencies: ["Records", "Runs", "TestSupport"]),
    .testTarget(name: "TerminalTests", dependencies: ["Records", "Terminal", "TestSupport"]),
    .testTarget(name: "ReportsTests", dependencies: ["Records", "Runs", "Reports", "TestSupport"]),
    .testTarget(
      name: "GANsTests",
      dependencies: [
        "Records", "Torch", "TorchNN", "Checkpoints", "GANs", "StyleGAN2", "TestNetworks",
        "TestSupport",
      ],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "StyleGAN2Tests",
      dependencies: [
        "Records", "Torch", "TorchNN", "Checkpoints", "GANs", "StyleGAN2", "TestNetworks",
        "TestSupport",
      ],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "SWAGANTests",
      dependencies: [
        "Records", "Torch", "TorchNN", "Checkpoints", "GANs", "StyleGAN2", "SWAGAN",
        "TestNetworks", "TestSupport",
      ],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "JudgingTests", dependencies: ["Torch", "Judging", "TestNetworks", "TestSupport"]),
    .testTarget(
      name: "ClassifiersTests",
      dependencies: [
        "Torch", "TorchNN", "Checkpoints", "Datasets", "Judging", "Classifiers", "TestNetworks",
        "TestSupport",
      ],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "ExtractorsTests",
      dependencies: [
        "Records", "Torch", "TorchNN", "Checkpoints", "Runs", "GANs", "StyleGAN2", "Judging",
        "Classifiers", "Extractors", "Evaluation", "TestNetworks", "TestSupport",
      ],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "UnlearningTests",
      dependencies: [
        "Records", "Torch", "TorchNN", "Checkpoints", "GANs", "StyleGAN2", "Judging",
        "Unlearning", "TestNetworks", "TestSupport",
      ],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "GaussiansTests",
      dependencies: [
        "Records", "Torch", "TorchNN", "GANs", "Unlearning", "Gaussians", "TestSupport",
      ]),
    .testTarget(
      name: "EvaluationTests",
      dependencies: [
        "Records", "Torch", "Datasets", "GANs", "StyleGAN2", "Judging", "Evaluation",
        "TestNetworks",
        "TestSupport",
      ],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "AuditingTests",
      dependencies: [
        "Records", "Torch", "TorchNN", "GANs", "StyleGAN2", "Judging", "Classifiers", "Evaluation",
        "Auditing", "TestNetworks", "TestSupport",
      ]),
    .testTarget(
      name: "ExperimentsTests",
      dependencies: [
        "Records", "Torch", "TorchNN", "Checkpoints", "Datasets", "Runs", "GANs", "StyleGAN2",
        "Judging", "Unlearning", "Gaussians", "Evaluation", "Auditing", "Reports",
        "Experiments", "LetheKit", "TestNetworks", "TestSupport",
      ]),
    .testTarget(
      name: "RecipesTests",
      dependencies: [
        "Records", "Reports", "Torch", "Runs", "GANs", "Judging", "Unlearning", "Auditing",
        "Experiments", "Recipes",
        "TestNetworks", "TestSupport",
      ]),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "lethe", "Records", "Torch", "Kernels", "Checkpoints", "Datasets", "Runs", "GANs",
        "StyleGAN2", "Judging", "Classifiers", "Unlearning", "Evaluation", "Experiments", "Recipes",
        "TestNetworks", "TestSupport", argumentParser,
      ]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx20
)

// MARK: - What the next language mode will ask for

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]
for target in package.targets where [.regular, .executable, .test].contains(target.type) {
  target.swiftSettings = swiftSettings
}
