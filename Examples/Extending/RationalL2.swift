import Unlearning

/// `1 / (1 + d²)`: finite where the generators are the same, fading far away.
struct RationalL2: RepulsionLoss {
  let name = "RL2"
  func value(squaredDistance d2: Double) -> Double { 1 / (1 + d2) }
  func derivative(squaredDistance d2: Double) -> Double { -1 / ((1 + d2) * (1 + d2)) }
}
