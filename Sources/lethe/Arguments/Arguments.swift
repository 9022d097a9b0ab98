public import ArgumentParser
import Datasets
import Experiments
import Reports
import Torch

extension ClassifierTrainingExperiment.Network: ExpressibleByArgument {}

extension EmbeddedModels: ExpressibleByArgument {}

extension Dataset.Split: ExpressibleByArgument {}

extension Precision: ExpressibleByArgument {}

extension MethodPreset: ExpressibleByArgument {}

extension Report.Format: ExpressibleByArgument {}
