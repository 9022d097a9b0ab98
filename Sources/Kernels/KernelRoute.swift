import CKernels
import CTorch
public import Foundation
import Torch

/// Which of the hand-written kernels compute on the CPU.
///
/// Each route takes in those before it. Without a choice it is ``best``; results depend on it in their
/// last bits. The environment variable `LETHE_KERNELS` names another for the whole process, and
/// ``use()`` sets one, which has the last word:
///
/// ```swift
/// try KernelRoute.libtorch.use()  // is a kernel at fault?
/// ```
public enum KernelRoute: Int, CaseIterable, Sendable, Comparable, CustomStringConvertible {
  /// None of them: everything is composed of libtorch's operators.
  case libtorch
  /// Fused operators, compiled for any processor; convolutions of many channels are libtorch's.
  case portable
  /// Fused operators and convolutions with AVX2.
  case avx2
  /// Fused operators and convolutions with AVX-512.
  case avx512
  /// The same, and products of pairs of `bfloat16`, the instructions of AVX512-BF16.
  case avx512BFloat16

  /// The environment variable that names a route.
  public static let variable = "LETHE_KERNELS"

  /// Reads `libtorch`, `portable`, `avx2`, `avx512` or `avx512_bf16`; nil for anything else.
  ///
  /// - Parameter name: the spelling of `LETHE_KERNELS`.
  public init?(name: String) {
    var route = ck_route_libtorch
    guard ck_route_named(name, &route) else { return nil }
    self.init(route)
  }

  /// Whether a route takes in fewer kernels than another.
  public static func < (one: KernelRoute, other: KernelRoute) -> Bool {
    one.rawValue < other.rawValue
  }

  /// `libtorch`, `portable`, `avx2`, `avx512` or `avx512_bf16`.
  public var description: String { String(cString: ck_route_name(raw)) }

  /// Whether this processor has the instructions, and libtorch uses them.
  ///
  /// libtorch's own variable `ATEN_CPU_CAPABILITY` lowers both.
  public var isAvailable: Bool { ck_route_is_available(raw) }

  /// The fastest on this processor.
  public static var best: KernelRoute { KernelRoute(ck_best_route()) }

  /// Those that this processor has.
  public static var available: [KernelRoute] { allCases.filter(\.isAvailable) }

  /// The route in use: the one that was set, or else named by `LETHE_KERNELS`, or else the best.
  ///
  /// It traps where none was set and the variable names no route that is available here, and so does
  /// every operator with kernels; ``requested(in:)`` throws instead.
  public static var current: KernelRoute {
    var route = ck_route_libtorch
    must(ck_current_route(&route), "KernelRoute.current")
    return KernelRoute(route)
  }

  /// The route that the environment names.
  ///
  /// - Parameter environment: variables and their values; those of the process unless told otherwise.
  /// - Returns: the route, or nil where there is no such variable.
  /// - Throws: ``KernelError`` if it names none, or one that is not available here.
  public static func requested(
    in environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(KernelError) -> KernelRoute? {
    guard let name = environment[variable] else { return nil }
    guard let route = KernelRoute(name: name) else { throw .unknownRoute(name) }
    try route.requireAvailable()
    return route
  }

  /// Throws unless the route is available.
  ///
  /// - Throws: ``KernelError/routeUnavailable(_:)``.
  public func requireAvailable() throws(KernelError) {
    guard isAvailable else { throw .routeUnavailable(self) }
  }

  /// Takes this route from now on, in the whole process; call it while nothing is computed.
  ///
  /// - Throws: ``KernelError`` if it is not available here.
  public func use() throws {
    try requireAvailable()
    try check(ck_use_route(raw))
  }

  private init(_ raw: ck_route) {
    switch raw {
    case ck_route_libtorch: self = .libtorch
    case ck_route_portable: self = .portable
    case ck_route_avx2: self = .avx2
    case ck_route_avx512: self = .avx512
    default: self = .avx512BFloat16
    }
  }

  var raw: ck_route {
    switch self {
    case .libtorch: ck_route_libtorch
    case .portable: ck_route_portable
    case .avx2: ck_route_avx2
    case .avx512: ck_route_avx512
    case .avx512BFloat16: ck_route_avx512_bf16
    }
  }
}

/// A choice of kernels that cannot be had.
public enum KernelError: Error, Equatable, CustomStringConvertible {
  /// `LETHE_KERNELS` names no route.
  case unknownRoute(String)
  /// The processor, or libtorch, lacks the instructions.
  case routeUnavailable(KernelRoute)

  /// One sentence that names what was asked for and what there is.
  public var description: String {
    switch self {
    case .unknownRoute(let name):
      "\(KernelRoute.variable) is '\(name)', expected one of "
        + KernelRoute.allCases.map(\.description).joined(separator: ", ")
    case .routeUnavailable(let route):
      "kernels \(route) are not available here, where libtorch uses \(Torch.vectorInstructions); "
        + "there are \(KernelRoute.available.map(\.description).joined(separator: ", "))"
    }
  }
}
