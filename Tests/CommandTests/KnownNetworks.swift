import Classifiers

/// What messages say of the networks of judges that are known: a new one changes them by itself.
let knownNetworks = ClassifierFormats.all.map(\.expectation).joined(separator: ", or ")
