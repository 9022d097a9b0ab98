import Experiments
import Torch
import Unlearning

/// Which options belong together: every option of every command is here, and nowhere else.
///
/// An option is honoured, refused or impossible, never ignored. So each one either is `free`, which says
/// that it has an effect whatever stands beside it, or is the subject of a rule. `OptionTableTests`
/// fails for an option that is neither, and tries the options of every command pair by pair.
enum OptionTable {
  /// The rules of a command, by its whole name, such as `lethe train gan`.
  static func rules(of command: String) -> OptionRules? { commands[command] }

  private static let commands: [String: OptionRules] = [
    "lethe demo": demo + runFolder + machine + seed,
    "lethe train gan": OptionRules(
      free: [
        "--data", "--balance-classes", "--gan", "--iterations", "--pixel-range", "--judge",
        "--json",
      ],
      rules: [.needs(.given("--samples"), .given("--judge"), because: "nothing is measured then")])
      + trainedNetwork + training + run + machine + seed,
    "lethe train classifier": OptionRules(
      free: [
        "--gan", "--class-names", "--mirror", "--shift", "--balance", "--validation", "--epochs",
        "--batch", "--learning-rate", "--json",
      ],
      rules: [
        .needs(
          .given("--patience"), .value("--validation", "above 0") { Double($0) ?? 0 > 0 },
          because: "nothing tells whether an epoch was better then"),
        .excludes(
          .given("--data"), .given("--gan"),
          because: "pictures come from a data set, or from a generator"),
        .needs(.given("--pictures"), .given("--gan"), because: "a data set has its own"),
        .excludes(
          .given("--attributes"), .given("--gan"),
          because: "a conditional generator is told classes"),
        .excludes(
          .given("--attributes"), .given("--class-names"),
          because: "pictures have classes or attributes"),
        .excludes(
          .given("--size"), .value("--network", "lenet5"),
          because: "a LeNet5 takes pictures of 32x32"),
        .excludes(
          .given("--size"), .value("--network", "efficientnet-lite0"),
          because: "it takes pictures of 224x224"),
        .needs(
          .given("--weights"), .value("--network", "efficientnet-lite0"),
          because: "the others are trained from nothing"),
        .needs(
          .value("--network", "efficientnet-lite0"), .given("--weights"),
          because: "a head needs something below it"),
      ])
      + run + machine + seed,
    "lethe adapt": subject + adaptation + training + run + machine + seed
      + OptionRules(free: ["--json"]),
    "lethe unlearn": subject + unlearning + training + run + machine + seed
      + OptionRules(free: ["--samples", "--data", "--candidates", "--json"])
      + OptionRules(rules: [
        .excludes(
          .given("--least-pul"), .number("--candidates", 1),
          because: "the last generator is the result then, whatever it has forgotten")
      ]),
    "lethe run": recipe + machine,
    "lethe sweep": OptionRules(
      free: ["--set", "--table", "--json", "--worker"],
      rules: [
        .excludes(.given("--jobs"), .given("--table"), because: "it computes nothing"),
        .excludes(
          .given("--shard"), .given("--table"), .given("--jobs"),
          because: "a shard is the part of one process"),
        .excludes(.given("--stop-after"), .given("--table"), because: "it computes nothing"),
      ]) + machine,
    "lethe extrapolate": extrapolation + runFolder + machine + seed,
    "lethe generate": generation + machine,
    "lethe grid interpolation": interpolationGrid + animation + machine,
    "lethe grid mixing": OptionRules(free: ["--coarse", "--fine", "--crossover"]) + grid + machine,
    "lethe grid walk": walkGrid + grid + animation + machine,
    "lethe grid directions": OptionRules(
      free: ["--directions", "--apply", "--degree", "--count", "--seeds"]) + grid + machine,
    "lethe project": projection + machine + seed,
    "lethe directions": OptionRules(free: ["--gan", "--layers", "--output", "--json"]),
    "lethe evaluate": evaluation + machine + seed,
    "lethe audit": OptionRules(
      free: [
        "--original", "--judge", "--forget", "--adapted", "--retrained", "--second-judge", "--only",
        "--effort", "--alone", "--output", "--accept-mismatch", "--look", "--json",
      ]) + machine + seed,
    "lethe report": OptionRules(free: ["--format", "--output"]),
    "lethe compare": OptionRules(
      free: ["--output", "--json"],
      rules: [.excludes(.given("--format"), .given("--json"), because: "it is a format itself")]),
    "lethe judge": OptionRules(free: ["--judge", "--data", "--split", "--json"]) + machine,
    "lethe models": OptionRules(free: ["--json"]),
    "lethe inspect": OptionRules(free: ["--json"]),
    "lethe export": export,
    "lethe data check": OptionRules(free: ["--json"]),
    "lethe data prepare": OptionRules(free: ["--size", "--output", "--json"]),
    "lethe convert": conversion,
    "lethe bench iteration": benchIteration + network + training + machine + seed,
    "lethe bench fisher": OptionRules(free: ["--samples"]) + network + step + measuring + machine
      + seed,
    "lethe bench sampling": OptionRules(free: ["--batch-sizes", "--samples"]) + network + measuring
      + machine + seed,
    "lethe bench evaluation": OptionRules(free: ["--samples"]) + measuring + machine + seed,
    "lethe bench files": network + measuring + machine + seed,
    "lethe bench kernels": OptionRules(free: ["--batch", "--channels", "--side"]) + measuring
      + machine + seed,
    "lethe bench metrics": OptionRules(free: ["--features", "--reference"]) + measuring + machine
      + seed,
  ]
}

// MARK: - Groups of several commands

extension OptionTable {
  private static let seed = OptionRules(free: ["--seed"])

  private static let onCUDA = OptionState.value("--device", "cuda") {
    Device(name: $0)?.kind == .cuda
  }

  private static let machine = OptionRules(
    free: ["--device", "--threads"],
    rules: [
      .needs(.given("--tf32"), onCUDA, because: "other devices compute in float32"),
      .needs(
        .given("--kernels"), .value("--device", "cpu"),
        because: "the kernels are those of the processor"),
    ])

  private static let runFolder = OptionRules(
    free: ["--output"],
    rules: [
      .needs(.given("--resume"), .given("--output"), because: "it names the run to go on with")
    ])

  private static let run =
    runFolder + OptionRules(free: ["--snapshot-every", "--keep", "--stop-after"])

  private static let subject = OptionRules(free: ["--gan", "--judge", "--forget", "--pixel-range"])

  private static let step = OptionRules(
    free: ["--batch", "--mixing", "--precision"],
    rules: [.needs(.given("--cuda-graphs"), onCUDA, because: "only CUDA records its kernels")])

  private static let training =
    step
    + OptionRules(
      free: [
        "--learning-rate", "--decay-iterations", "--r1", "--path-length", "--ema-half-life-kimg",
        "--augment",
      ],
      rules: ["--augment-p", "--augment-target", "--augment-length"].map {
        .needs(.given($0), .given("--augment"), because: "pictures stay as they are then")
      }
        + ["--augment-target", "--augment-length"].map {
          .excludes(
            .given($0), .given("--augment-p"), because: "a fixed probability adapts to nothing")
        })
    + OptionRules(
      rules: [
        .excludes(.given("--r1-interval"), .number("--r1", 0), because: "it turns R1 off"),
        .excludes(
          .given("--path-length-interval"), .number("--path-length", 0),
          because: "it turns the penalty off"),
      ])

  private static let networkSizes = [
    "--size", "--latent", "--mapping-depth", "--channel-multiplier", "--channel-cap",
  ]

  private static let network = OptionRules(free: networkSizes)

  private static let trainedNetwork = OptionRules(
    rules: networkSizes.map {
      .excludes(.given($0), .given("--gan"), because: "a GAN brings its sizes along")
    } + [
      .excludes(
        .given("--architecture"), .given("--gan"), because: "a GAN brings its networks along")
    ])

  private static let measuring = OptionRules(free: ["--rounds", "--json"])
}

// MARK: - Single commands

extension OptionTable {
  private static let demo: OptionRules = {
    let toy = OptionState.argument("gaussians")
    return OptionRules(
      free: ["--forget", "--samples", "--stop-after", "--json"],
      rules: [
        .excludes(.given("--precision"), toy, because: "it has no convolutions"),
        .excludes(.given("--snapshot-every"), toy, because: "it keeps no snapshots"),
        .excludes(.given("--keep"), toy, because: "it keeps no snapshots"),
      ])
  }()

  private static let adaptation = OptionRules(
    free: ["--preset", "--models", "--iterations", "--negatives", "--ewc"],
    rules: [
      .excludes(
        .given("--fisher-samples"), .number("--ewc", 0),
        because: "it turns off what the Fisher information is for")
    ])

  private static let unlearning: OptionRules = {
    func methods(where holds: (any UnlearningMethod.Type) -> Bool) -> OptionState {
      let names = UnlearningMethods.all.filter(holds).map { $0.name }
      var state = OptionState.value(
        "--method", names.joined(separator: " or "), where: names.contains)
      state.namesValue = true
      return state
    }
    let (adapted, others) = (methods { $0.usesAdapted }, methods { !$0.repels })
    let noLoss = OptionState.value("--loss", "none")
    let repels = ["--gamma", "--alpha", "--distance"]
    let adversarial = [
      "--largest-doubt", "--r1", "--r1-interval", "--path-length", "--path-length-interval",
      "--discriminator", "--precision", "--augment",
    ]
    let training = [
      "--batch", "--learning-rate", "--decay-iterations", "--ema-half-life-kimg",
    ]
    let closedLoop = ["--step-share", "--fade-iterations", "--target"]
    let otherPresets = OptionState.value("--preset", "paper or reference") { $0 != "lethe" }
    let retention = ["--retention-doubt"]
    let redirection = ["--redirect-to", "--redirection-margin"]
    let distillation =
      ["--retention", "--redirection", "--without-discriminator"] + retention + redirection
    let (plain, distilling) = (methods { !$0.distils }, methods { $0.distils })
    let unused = "nothing repels the generator then"
    return OptionRules(
      free: [
        "--preset", "--iterations", "--patience", "--feedback-samples", "--largest-doubt",
        "--discriminator",
      ],
      rules: [
        .excludes(noLoss, adapted, because: "adapted models repel by a loss"),
        .needs(
          .given("--constant"), methods { !$0.constants.isEmpty },
          because: "only these methods have numbers of their own"),
        .excludes(.given("--loss", except: "none"), others, because: unused),
      ]
        + (repels + closedLoop.dropLast()).map {
          .excludes(.given($0), others, noLoss, because: unused)
        }
        + [
          .excludes(
            .given("--target"), methods { !$0.repels && !$0.distils }, noLoss,
            because: "nothing is held to it then")
        ]
        + ["--adapted", "--accept-mismatch"].map {
          .excludes(.given($0), methods { !$0.usesAdapted }, noLoss, because: unused)
        }
        + adversarial.flatMap { option in
          UnlearningMethods.all.filter { !$0.usesDiscriminator }.map {
            .excludes(
              .value("--method", $0.name), .given(option), because: "it has no discriminator")
          }
        }
        + training.flatMap { option in
          UnlearningMethods.all.filter { !$0.trains }.map {
            .excludes(.value("--method", $0.name), .given(option), because: "it does not train")
          }
        }
        + [
          .excludes(
            .given("--survey-samples"), methods { !$0.surveys }, noLoss,
            because: "nothing is looked for then"),
          .needs(
            .given("--survey-samples"), beside: otherPresets, methods { $0.surveys },
            because: "nothing is looked for then"),
        ]
        + [
          .needs(
            .given("--alpha"),
            .value("--loss", "EL2") { LossArgument(argument: $0)?.loss is ExponentialL2 },
            because: "it is a constant of that loss"),
          .excludes(
            .given("--alpha"), .value("--preset", "reference"),
            because: "there --gamma is the alpha of EL2"),
        ]
        + closedLoop.flatMap { option in
          [
            .excludes(
              .given(option), .given("--gamma"),
              because: "a constant weight takes the place of the closed loop"),
            .excludes(
              .given(option), otherPresets, because: "neither has a closed loop"),
          ]
        }
        + distillation.map {
          .excludes(
            .given($0), plain, noLoss, otherPresets,
            because: "the method neither retains nor redirects")
        }
        + retention.map {
          .excludes(.given($0), .number("--retention", 0), because: "it turns retention off")
        }
        + redirection.map {
          .excludes(.given($0), .number("--redirection", 0), because: "it turns redirection off")
        }
        + [
          .excludes(distilling, otherPresets, because: "neither retains or redirects"),
          .excludes(
            noLoss, methods { !$0.repels && $0 != PositivesOnly.self },
            because: "it has no repulsion anyway"),
          .excludes(
            .given("--without-discriminator"), .given("--largest-doubt"), .given("--r1"),
            .given("--r1-interval"), .given("--discriminator"), .given("--augment"),
            because: "that is about what a discriminator is shown"),
          .needs(
            .given("--discriminator-steps"), .value("--discriminator", "new"),
            because: "only a new one is trained before"),
        ])
  }()

  private static let recipe = OptionRules(
    free: ["--set", "--dry-run", "--json"],
    rules: [
      .excludes(.given("--resume"), .given("--dry-run"), because: "it runs nothing"),
      .excludes(.given("--stop-after"), .given("--dry-run"), because: "it runs nothing"),
    ]
      + ["--random-weights", "--iterations-of-each"].map {
        .needs(.given($0), .given("--dry-run"), because: "only that times anything")
      })

  private static let extrapolation = OptionRules(
    free: ["--gan", "--adapted", "--gamma", "--pixel-range", "--json", "--accept-mismatch"],
    rules: [
      .needs(.given("--judge"), .given("--forget"), because: "only both can measure a class"),
      .needs(.given("--forget"), .given("--judge"), because: "only both can measure a class"),
    ]
      + ["--samples", "--data"].map {
        .needs(.given($0), .given("--judge"), because: "nothing is measured then")
      })

  private static let evaluation = OptionRules(
    free: [
      "--gan", "--original", "--judge", "--forget", "--data", "--samples", "--pixel-range",
      "--precision", "--metrics", "--features", "--retrained", "--filter", "--output", "--json",
      "--accept-mismatch",
    ],
    rules: [
      .excludes(
        .given("--path-pairs"), .given("--filter"),
        because: "nobody asks a filter about the way between two pictures"),
      .needs(.given("--split"), .given("--data"), because: "it is a part of real data"),
      .needs(
        .given("--statistics"), .given("--features"), because: "they are of one network's features"
      ),
      .excludes(
        .given("--statistics"), .given("--data"), because: "distances are to one set of pictures"),
      .needs(
        .given("--save-statistics"), .given("--features"),
        because: "they are of one network's features"),
      .needs(
        .given("--save-statistics"), .given("--data"), because: "they are of real pictures"),
      .needs(.given("--lpips"), .given("--lpips-heads"), because: "it has a head for each layer"),
      .needs(.given("--lpips-heads"), .given("--lpips"), because: "they are of one network"),
    ])

  private static let generation: OptionRules = {
    let ownSeeds = "every picture has a seed of its own then"
    return OptionRules(
      free: ["--gan", "--output", "--tensors", "--noise", "--truncation", "--pixel-range"]
        + ["--latents", "--precision", "--class"],
      rules: [
        .excludes(
          .given("--count"), .given("--latents"), because: "the file says how many there are"),
        .excludes(.given("--count"), .given("--seeds"), because: "every seed is one picture"),
        .excludes(
          .given("--seeds"), .given("--latents"), because: "the latents are there already"),
        .excludes(.given("--seed"), .given("--seeds"), because: ownSeeds),
        .needs(.given("--filter"), .given("--without"), because: "everything passes then"),
        .needs(.given("--without"), .given("--filter"), because: "nobody looks at the pictures"),
        .excludes(.given("--filter"), .given("--seeds"), because: ownSeeds),
        .excludes(
          .given("--filter"), .given("--latents"), because: "no further latents can be drawn then"),
        .needs(
          .given("--columns"), .value("--output", "FILE.png", where: { !$0.hasSuffix("/") }),
          because: "only a grid has columns"),
        .needs(
          .given("--seed"), beside: .given("--latents"), .value("--noise", "random"),
          .value("--truncation", "other than 1") { Double($0) != 1 },
          because: "nothing else is drawn"),
      ])
  }()

  private static let grid = OptionRules(
    free: ["--gan", "--output", "--truncation", "--pixel-range", "--class"])

  private static let animation = OptionRules(
    free: ["--frames"],
    rules: [
      .needs(
        .given("--frames-per-second"), .given("--frames"), because: "a still grid has no frames")
    ])

  private static let interpolationGrid = OptionRules(
    free: [
      "--gan", "--output", "--truncation", "--pixel-range", "--adapted", "--gamma", "--seeds",
      "--accept-mismatch",
    ],
    rules: [
      .excludes(
        .given("--class"), .given("--adapted"), .given("--unlearned"),
        because:
          "the others have all their classes: export each with --class, and take those files with "
          + "--accept-mismatch"),
      .excludes(
        .given("--unlearned"), .given("--adapted"),
        because: "one line leads to one of them, or to the mean of the adapted models"),
    ])

  private static let walkGrid = OptionRules(
    free: ["--seeds", "--space"],
    rules: [
      .excludes(
        .given("--steps"), .given("--frames"), because: "an animation has frames in their place")
    ])

  private static let projection = OptionRules(
    free: ["--gan", "--output", "--space", "--steps", "--noise", "--pixel-range", "--class"],
    rules: [
      .needs(.given("--lpips"), .given("--lpips-heads"), because: "it has a head for each layer"),
      .needs(.given("--lpips-heads"), .given("--lpips"), because: "they are of one network"),
    ])

  private static let export = OptionRules(
    free: ["--gan", "--output", "--half", "--without-optimisers", "--pixel-range", "--class"],
    rules: [
      .excludes(
        .given("--learning-rate"), .given("--without-optimisers"),
        because: "it is recorded with Adam's moments")
    ])

  private static let conversion = OptionRules(
    free: ["--gan", "--to", "--output", "--pixel-range"],
    rules: [
      .needs(
        .given("--base-model"), .value("--to", "hub"), because: "only a model card names it"),
      .needs(
        .given("--half"), .value("--to", "hub"), because: "the other formats lose nothing"),
    ])

  private static let benchIteration = OptionRules(
    free: ["--time-limit", "--adapted", "--compare", "--json"],
    rules: [
      .excludes(
        .given("--iterations"), .given("--compare"),
        because: "it goes by rounds of whole cycles"),
      .needs(.given("--rounds"), .given("--compare"), because: "a single variant has no rounds"),
      .needs(
        .given("--loss"), .given("--adapted"), .given("--compare"),
        because: "it belongs to unlearning"),
      .excludes(
        .given("--closed-loop"), .given("--compare"), because: "it measures the closed loop too"),
      .needs(.given("--redirection"), .given("--adapted"), because: "it repels as well"),
      .excludes(
        .given("--redirection"), .given("--closed-loop"), .given("--compare"),
        because: "one of them includes the other"),
      .needs(.given("--closed-loop"), .given("--adapted"), because: "it belongs to unlearning"),
      .excludes(
        .given("--ewc"), .given("--adapted"), .given("--compare"),
        because: "it is adaptation alone, the other is unlearning or all"),
      .needs(
        .given("--convolutions", except: "no"), .value("--device", "cpu"),
        because: "they are timed on the processor alone"),
    ])
}
