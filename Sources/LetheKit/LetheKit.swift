// What a program needs of Lethe with one import. The parts can be imported alone, as Lethe's own code does.
@_exported public import Checkpoints
@_exported public import Classifiers
@_exported public import Datasets
@_exported public import Evaluation
@_exported public import Experiments
@_exported public import GANs
@_exported public import Judging
@_exported public import Records
@_exported public import Reports
@_exported public import Runs
@_exported public import Torch
@_exported public import Unlearning
