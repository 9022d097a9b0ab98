public import Runs

/// What a run is, before it starts.
public struct RunDescription {
  /// The command that makes such runs, such as `unlearn`.
  public var command: String
  /// The end of a numbered folder's name, such as `unlearn-7-EL2`.
  public var name: String
  /// Every option as resolved.
  public var options: OptionsRecord
  /// The dotted name of the option that a resumed run may change: how many iterations it trains; nil
  /// where each part must keep its length.
  public var extendable: String?
  /// The files it reads.
  public var inputs: [Provenance]
}
