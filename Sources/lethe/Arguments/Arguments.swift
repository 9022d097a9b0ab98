public import ArgumentParser
import Datasets

extension Dataset.Split: ExpressibleByArgument {}
