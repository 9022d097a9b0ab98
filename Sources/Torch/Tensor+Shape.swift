import CTorch

/// How the four dimensions of pictures lie in memory.
public enum MemoryFormat: Sendable {
  /// Row-major `NCHW`.
  case contiguous
  /// `NHWC` in memory under `NCHW` indices: what convolutions on the CPU are fastest with.
  case channelsLast

  var raw: ct_memory_format { self == .contiguous ? ct_contiguous : ct_channels_last }
}

extension Tensor {
  /// The same elements under other sizes; one size may be -1, for what is left.
  ///
  /// - Parameter shape: the new sizes.
  /// - Returns: a view where the layout allows, a copy otherwise.
  public func reshaped(_ shape: [Int]) -> Tensor {
    Tensor.make("reshaped to \(shape)", [self]) {
      ct_tensor_reshape($0, handle, shape.int64, shape.count)
    }
  }

  /// The part `range` of one dimension.
  ///
  /// - Parameters:
  ///   - range: positions along `dimension`.
  ///   - dimension: which; negative counts from the end.
  /// - Returns: a view.
  public func sliced(_ range: Range<Int>, dimension: Int = 0) -> Tensor {
    Tensor.make("sliced", [self]) {
      ct_tensor_slice(
        $0, handle, Int64(dimension), Int64(range.lowerBound), Int64(range.upperBound))
    }
  }

  /// All slices along one dimension, which they lack: one step of a backward pass for all.
  ///
  /// - Parameter dimension: which; negative counts from the end.
  /// - Returns: views, in order.
  public func unbound(dimension: Int) -> [Tensor] {
    let count = shape[dimension < 0 ? dimension + shape.count : dimension]
    var results = [ct_tensor](repeating: ct_tensor(ref: nil), count: count)
    must(ct_tensor_unbind(&results, count, handle, Int64(dimension)), "unbound", [self])
    return results.map(Tensor.init(owning:))
  }

  /// The dimensions in another order.
  ///
  /// - Parameter order: for each new dimension the old one.
  /// - Returns: a view.
  public func permuted(_ order: [Int]) -> Tensor {
    Tensor.make("permuted", [self]) { ct_tensor_permute($0, handle, order.int64, order.count) }
  }

  /// A matrix with rows and columns exchanged.
  public var transposed: Tensor { permuted([1, 0]) }

  /// Dimensions of size 1 repeated to the sizes given, without copying.
  ///
  /// - Parameter shape: the sizes wanted.
  /// - Returns: a view.
  public func expanded(_ shape: [Int]) -> Tensor {
    Tensor.make("expanded to \(shape)", [self]) {
      ct_tensor_expand($0, handle, shape.int64, shape.count)
    }
  }

  /// The same values in the layout asked for.
  ///
  /// - Parameter format: the layout.
  /// - Returns: the tensor itself where it has that layout, a copy otherwise.
  public func contiguous(_ format: MemoryFormat = .contiguous) -> Tensor {
    Tensor.make("contiguous", [self]) { ct_tensor_contiguous($0, handle, format.raw) }
  }

  /// Whether the elements lie in the layout given.
  ///
  /// - Parameter format: the layout.
  /// - Returns: true if they do.
  public func isContiguous(_ format: MemoryFormat = .contiguous) -> Bool {
    ct_tensor_is_contiguous(handle, format.raw)
  }

  /// A copy with elements of its own, in the same graph.
  ///
  /// - Returns: the copy.
  public func clone() -> Tensor {
    Tensor.make("clone", [self]) { ct_tensor_clone($0, handle) }
  }

  /// The same values as another type.
  ///
  /// - Parameter scalarType: the type.
  /// - Returns: the tensor itself where it has that type, a copy otherwise.
  public func to(_ scalarType: ScalarType) -> Tensor {
    Tensor.make("to(\(scalarType))", [self]) {
      ct_tensor_to($0, handle, scalarType.raw, device.raw, false)
    }
  }

  /// The same values on another device.
  ///
  /// - Parameter device: the device.
  /// - Returns: the tensor itself where it is there already, a copy otherwise.
  public func to(_ device: Device) -> Tensor {
    Tensor.make("to(\(device))", [self]) {
      ct_tensor_to($0, handle, scalarType.raw, device.raw, false)
    }
  }

  /// Tensors joined along one dimension.
  ///
  /// - Parameters:
  ///   - tensors: at least one; equal sizes elsewhere.
  ///   - dimension: the one to join along.
  /// - Returns: a copy.
  public static func concatenated(_ tensors: [Tensor], dimension: Int = 0) -> Tensor {
    make("concatenated", tensors) {
      ct_tensor_cat($0, tensors.map(\.handle), tensors.count, Int64(dimension))
    }
  }

  /// The slices at `indices` along one dimension.
  ///
  /// - Parameters:
  ///   - indices: `int64` positions.
  ///   - dimension: which.
  /// - Returns: a copy.
  public func gathered(_ indices: Tensor, dimension: Int = 0) -> Tensor {
    Tensor.make("gathered", [self, indices]) {
      ct_tensor_index_select($0, handle, Int64(dimension), indices.handle)
    }
  }

  /// The slices at `indices` along the first dimension.
  ///
  /// - Parameter indices: positions.
  /// - Returns: a copy.
  public func gathered(_ indices: [Int]) -> Tensor {
    gathered(Tensor(indices.int64).to(device))
  }
}
