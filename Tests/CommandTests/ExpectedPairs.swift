/// What must not stand beside what, written down by hand and apart from the table that refuses it.
struct ExpectedPairs {
  /// Options that mean nothing when nothing stands beside them.
  var alone: [String] = []
  /// Options that mean nothing beside another one.
  var refused: [String] = []
  /// Options that only another one gives a meaning.
  var saved: [String] = []

  static func + (left: ExpectedPairs, right: ExpectedPairs) -> ExpectedPairs {
    ExpectedPairs(
      alone: left.alone + right.alone, refused: left.refused + right.refused,
      saved: left.saved + right.saved)
  }

  private static let machine = ExpectedPairs(
    alone: ["--tf32"], refused: ["--device cuda × --kernels"],
    saved: ["--device cuda × --tf32"])

  private static let run = ExpectedPairs(alone: ["--resume"], saved: ["--output × --resume"])

  private static let step = ExpectedPairs(
    alone: ["--cuda-graphs"], saved: ["--cuda-graphs × --device cuda"])

  private static let training =
    step
    + ExpectedPairs(
      alone: ["--augment-p", "--augment-target", "--augment-length"],
      refused: ["--r1 0 × --r1-interval", "--path-length 0 × --path-length-interval"],
      saved: [
        "--augment × --augment-p", "--augment × --augment-target", "--augment × --augment-length",
      ])

  private static let unlearning = ExpectedPairs(
    alone: ["--alpha", "--constant", "--discriminator-steps"],
    refused: [
      "--method adapt-then-unlearn × --loss none",
      "--method positives-only × --loss EL2", "--method positives-only × --loss NL2",
      "--method positives-only × --adapted", "--method positives-only × --gamma",
      "--method positives-only × --distance", "--method positives-only × --step-share",
      "--method positives-only × --fade-iterations", "--method positives-only × --target",
      "--adapted × --loss none", "--loss none × --gamma", "--loss none × --distance",
      "--loss none × --step-share", "--loss none × --fade-iterations", "--loss none × --target",
      "--loss none × --accept-mismatch", "--method positives-only × --accept-mismatch",
      "--gamma × --step-share", "--gamma × --fade-iterations", "--gamma × --target",
      "--preset reference × --step-share", "--preset reference × --fade-iterations",
      "--preset reference × --target",
      "--preset paper × --step-share", "--preset paper × --fade-iterations",
      "--preset paper × --target",
      "--method adapt-then-redirect × --loss none", "--method redirect × --loss",
      "--method redirect × --adapted", "--method redirect × --accept-mismatch",
      "--method redirect × --distance", "--method redirect × --gamma",
      "--method redirect × --step-share", "--method redirect × --fade-iterations",
      "--preset paper × --method adapt-then-redirect", "--preset paper × --method redirect",
      "--preset reference × --method adapt-then-redirect",
      "--preset reference × --method redirect",
      "--retention 0 × --retention-doubt", "--redirection 0 × --redirect-to",
      "--redirection 0 × --redirection-margin",
      "--largest-doubt × --without-discriminator", "--without-discriminator × --r1",
      "--without-discriminator × --r1-interval",
      "--without-discriminator × --discriminator", "--without-discriminator × --augment",
    ]
      + [
        "--retention", "--retention-doubt", "--redirection", "--redirect-to",
        "--redirection-margin", "--survey-samples", "--without-discriminator",
      ].flatMap { option in
        [
          "--loss none × \(option)", "--method adapt-then-unlearn × \(option)",
          "--method positives-only × \(option)", "--preset paper × \(option)",
          "--preset reference × \(option)",
        ]
      }
      + ["cf-k", "feature-unlearning", "extrapolation"].flatMap { method in
        [
          "--loss", "--distance", "--gamma", "--step-share", "--fade-iterations", "--target",
          "--retention", "--retention-doubt", "--redirection", "--redirect-to",
          "--redirection-margin", "--without-discriminator",
        ].map { "--method \(method) × \($0)" }
      }
      + ["cf-k", "extrapolation"].map { "--method \($0) × --survey-samples" }
      + ["cf-k", "feature-unlearning"].flatMap { method in
        ["--adapted", "--accept-mismatch"].map { "--method \(method) × \($0)" }
      }
      + ["feature-unlearning", "extrapolation"].flatMap { method in
        [
          "--largest-doubt", "--r1", "--r1-interval", "--path-length", "--path-length-interval",
          "--discriminator", "--precision", "--augment",
        ].map { "--method \(method) × \($0)" }
      }
      + ["--batch", "--learning-rate", "--decay-iterations", "--ema-half-life-kimg"].map {
        "--method extrapolation × \($0)"
      },
    saved: [
      "--loss EL2 × --alpha", "--discriminator new × --discriminator-steps",
      "--method cf-k × --constant", "--method feature-unlearning × --constant",
      "--method extrapolation × --constant",
    ])

  /// Those of every command.
  static let commands: [String: ExpectedPairs] = [
    "demo": run + machine,
    "train gan": training + run + machine
      + ExpectedPairs(
        alone: ["--samples"],
        refused: [
          "--gan × --size", "--gan × --latent", "--gan × --mapping-depth",
          "--gan × --channel-multiplier", "--gan × --channel-cap", "--gan × --architecture",
        ], saved: ["--judge × --samples"]),
    "train classifier": run + machine
      + ExpectedPairs(
        alone: ["--network efficientnet-lite0", "--pictures", "--weights", "--patience"],
        refused: [
          "--class-names × --attributes", "--data × --gan", "--gan × --attributes",
          "--network lenet5 × --size",
        ],
        saved: [
          "--gan × --pictures", "--network efficientnet-lite0 × --weights",
          "--validation 0.5 × --patience", "--validation 1 × --patience",
        ]),
    "adapt": training + run + machine + ExpectedPairs(refused: ["--ewc 0 × --fisher-samples"]),
    "unlearn": unlearning + training + run + machine
      + ExpectedPairs(refused: ["--candidates 1 × --least-pul"]),
    "run": machine
      + ExpectedPairs(
        alone: ["--random-weights", "--iterations-of-each"],
        refused: ["--resume × --dry-run", "--dry-run × --stop-after"],
        saved: ["--dry-run × --random-weights", "--dry-run × --iterations-of-each"]),
    "sweep": machine
      + ExpectedPairs(
        refused: [
          "--jobs × --table", "--shard × --table", "--jobs × --shard", "--table × --stop-after",
        ]),
    "extrapolate": run + machine
      + ExpectedPairs(
        alone: ["--judge", "--forget", "--samples", "--data"],
        saved: ["--judge × --forget"]),
    "generate": machine
      + ExpectedPairs(
        alone: ["--columns", "--filter", "--without"],
        refused: [
          "--count × --seeds", "--count × --latents", "--seeds × --latents", "--seeds × --seed",
          "--latents × --seed",
        ],
        saved: ["--output a.png × --columns", "--filter × --without"]),
    "grid interpolation": machine
      + ExpectedPairs(
        alone: ["--frames-per-second"],
        refused: ["--adapted × --unlearned", "--class × --adapted", "--class × --unlearned"],
        saved: ["--frames × --frames-per-second"]),
    "grid mixing": machine,
    "grid walk": machine
      + ExpectedPairs(
        alone: ["--frames-per-second"], refused: ["--steps × --frames"],
        saved: ["--frames × --frames-per-second"]),
    "grid directions": machine,
    "project": machine
      + ExpectedPairs(alone: ["--lpips", "--lpips-heads"], saved: ["--lpips × --lpips-heads"]),
    "directions": ExpectedPairs(),
    "evaluate": machine
      + ExpectedPairs(
        alone: ["--lpips", "--lpips-heads", "--save-statistics", "--split", "--statistics"],
        refused: ["--path-pairs × --filter"],
        saved: ["--data × --split", "--lpips × --lpips-heads", "--statistics × --features"]),
    "audit": machine,
    "report": ExpectedPairs(),
    "compare": ExpectedPairs(refused: ["--format × --json"]),
    "judge": machine,
    "models": ExpectedPairs(),
    "inspect": ExpectedPairs(),
    "data check": ExpectedPairs(),
    "data prepare": ExpectedPairs(),
    "export": ExpectedPairs(refused: ["--without-optimisers × --learning-rate"]),
    "convert": ExpectedPairs(
      alone: ["--base-model", "--half"],
      saved: ["--to hub × --base-model", "--to hub × --half"]),
    "bench iteration": training + machine
      + ExpectedPairs(
        alone: ["--loss", "--closed-loop", "--redirection", "--rounds"],
        refused: [
          "--iterations × --compare", "--ewc × --adapted", "--ewc × --compare",
          "--convolutions × --device cuda",
        ],
        saved: [
          "--adapted × --loss", "--adapted × --closed-loop", "--adapted × --redirection",
          "--loss × --compare",
          "--compare × --rounds",
        ]),
    "bench fisher": step + machine,
    "bench sampling": machine,
    "bench evaluation": machine,
    "bench files": machine,
    "bench kernels": machine,
    "bench metrics": machine,
  ]
}
