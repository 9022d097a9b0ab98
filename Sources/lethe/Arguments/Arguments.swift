public import ArgumentParser
import Datasets
import Torch

extension Dataset.Split: ExpressibleByArgument {}

extension Precision: ExpressibleByArgument {}
