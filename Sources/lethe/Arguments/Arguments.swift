public import ArgumentParser
public import Auditing
import Datasets
import Experiments
import Torch

extension ClassifierTrainingExperiment.Network: ExpressibleByArgument {}

extension EmbeddedModels: ExpressibleByArgument {}

extension Dataset.Split: ExpressibleByArgument {}
extension AuditEffort: ExpressibleByArgument {}

extension Precision: ExpressibleByArgument {}

extension MethodPreset: ExpressibleByArgument {}
