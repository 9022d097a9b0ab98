import ArgumentParser

/// Looking after data sets.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Checks a data set, or writes a copy of it as training sees it.",
    discussion: """
      A data set is a folder of IDX files, of PNG and JPEG pictures (with a sub-folder for each \
      class, NVIDIA's dataset.json or CelebA's attributes), a zip archive of such a folder, or an LMDB \
      of the public StyleGAN2 scripts.
      """
        + HelpText.examples(
          "lethe data check photos.zip",
          "lethe data prepare photos.zip --size 128 --output photos128"),
    subcommands: [DataCheckCommand.self, DataPrepareCommand.self])
}
