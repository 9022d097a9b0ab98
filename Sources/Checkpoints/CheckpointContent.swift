import Foundation
import Torch

/// An opened checkpoint: what it holds, before any element is read.
struct CheckpointContent {
  private enum Source {
    case safetensors(SafetensorsHeader)
    /// The tree's nodes live as long as the file.
    case torch(TorchFile, [(path: String, tensor: TensorReference)])
  }

  let format: Checkpoint.Format
  let values: [(path: String, value: CheckpointValue)]
  let skipped: [(path: String, reason: String)]
  let file: MappedFile
  private let source: Source

  init(_ url: URL) throws {
    file = try MappedFile(url)
    let torchFile: TorchFile
    switch try FileContent.recognize(file) {
    case .safetensors:
      let header = try SafetensorsHeader(file)
      format = .safetensors
      values = header.metadata.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) }
      skipped = header.entries.filter { $0.scalarType == nil }.map {
        ($0.name, "\($0.typeName)\($0.shape), a type that Lethe does not use")
      }
      source = .safetensors(header)
      return
    case .zip: torchFile = try TorchZipFile.read(file)
    case .pickle:
      torchFile =
        try TorchLegacyFile.isMarked(file)
        ? TorchLegacyFile.read(file) : PythonPickleFile.read(file)
    case .tar: torchFile = try TorchTarFile.read(file)
    }
    let flat = try PickleFlattener(torchFile.root, of: file)
    if flat.tensors.isEmpty, flat.values.isEmpty, let first = flat.skipped.first {
      throw CheckpointError.notACheckpoint(
        path: file.path, found: "a file of torch without tensors (\(first.path): \(first.reason))")
    }
    format = torchFile.format
    values = flat.values
    skipped = flat.skipped
    source = .torch(torchFile, flat.tensors)
  }

  /// Reads the elements of the tensors wanted.
  func load(where isWanted: (String) -> Bool) throws -> [(name: String, tensor: Tensor)] {
    switch source {
    case .safetensors(let header):
      let wanted = header.entries.filter { $0.scalarType != nil && isWanted($0.name) }
      let (file, offset) = (file, header.dataOffset)
      let tensors = try mapInParallel(wanted) { try $0.tensor(in: file, dataOffset: offset) }
      return zip(wanted, tensors).compactMap { entry, tensor in
        tensor.map { (entry.name, $0) }
      }
    case .torch(let torchFile, let tensors):
      return try load(tensors.filter { isWanted($0.path) }, from: torchFile)
    }
  }

  /// One job per storage, so that its bytes are checked once.
  private func load(
    _ wanted: [(path: String, tensor: TensorReference)], from torchFile: TorchFile
  ) throws -> [(name: String, tensor: Tensor)] {
    var jobs: [StorageJob] = []
    var positions: [String: Int] = [:]
    // Tied weights are one reference under two names, and stay one tensor.
    var seen: Set<ObjectIdentifier> = []
    for (_, tensor) in wanted where seen.insert(ObjectIdentifier(tensor)).inserted {
      // Its type is part of the key: one storage may be declared as two.
      let key = "\(tensor.storage.type.name) \(tensor.storage.byteCount) \(tensor.storage.key)"
      let position = positions[key] ?? jobs.count
      if position == jobs.count {
        positions[key] = position
        jobs.append(StorageJob(storage: tensor.storage, tensors: []))
      }
      jobs[position].tensors.append(tensor)
    }
    try refuseExcess(jobs, storages: torchFile.storages)
    let storages = torchFile.storages
    let results = try mapInParallel(jobs) { job in
      let content = try storages.bytes(of: job.storage)
      return try withExtendedLifetime(content) {
        try job.tensors.map { tensor in
          guard let type = tensor.type.scalarType else {
            preconditionFailure("a tensor of type \(tensor.type.name) was not skipped")
          }
          return try tensor.tensor(from: content, scalarType: type)
        }
      }
    }
    var made: [ObjectIdentifier: Tensor] = [:]
    for (job, tensors) in zip(jobs, results) {
      for (reference, tensor) in zip(job.tensors, tensors) {
        made[ObjectIdentifier(reference)] = tensor
      }
    }
    return wanted.compactMap { path, reference in
      made[ObjectIdentifier(reference)].map { (path, $0) }
    }
  }

  /// Views can make many tensors of few bytes; no checkpoint makes this many.
  private func refuseExcess(_ jobs: [StorageJob], storages: any StorageSource) throws {
    let limit = 256 << 20 + 16 * file.count
    var total = 0
    for job in jobs {
      let sizes = [storages.inflatedCount(of: job.storage)] + job.tensors.map(\.byteCount)
      for size in sizes {
        let (sum, overflow) = total.addingReportingOverflow(size)
        guard !overflow, sum <= limit else {
          throw file.damaged(
            "the tensors", "unfold to more than \(limit) bytes from a file of \(file.count)")
        }
        total = sum
      }
    }
  }
}

/// A storage and the tensors that lie in it.
private struct StorageJob: @unchecked Sendable {
  // Sendable because the references do not change once the pickle is read.
  let storage: StorageReference
  var tensors: [TensorReference]
}
