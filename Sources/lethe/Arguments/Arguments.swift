public import ArgumentParser
public import Auditing
import Datasets
public import Evaluation
import Experiments
import Reports
import Torch

extension ClassifierTrainingExperiment.Network: ExpressibleByArgument {}

extension Dataset.Split: ExpressibleByArgument {}
extension AuditEffort: ExpressibleByArgument {}
extension MetricSet: ExpressibleByArgument {}

extension Precision: ExpressibleByArgument {}

extension ProjectionSpace: ExpressibleByArgument {}
extension ProjectionNoise: ExpressibleByArgument {}
extension WalkSpace: ExpressibleByArgument {}

extension MethodPreset: ExpressibleByArgument {}

extension Report.Format: ExpressibleByArgument {}
