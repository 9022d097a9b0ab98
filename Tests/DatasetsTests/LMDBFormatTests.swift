import Foundation
import TestSupport
import Testing
import Torch

@testable import Datasets

/// Databases are made by Scripts/fixtures/make_lmdb.py.
@Suite struct LMDBFormatTests {
  private func refusal(_ name: String) throws -> String {
    let url = try fixture("\(name).mdb")
    return try datasetError { _ = try Dataset.open(url) }.description
      .replacing(url.path, with: "LMDB")
  }

  /// The first pixel of each picture.
  private func corners(_ dataset: Dataset) throws -> [UInt8] {
    try dataset.allBytes().sliced(0..<1, dimension: 2).sliced(0..<1, dimension: 3)
      .contiguous().array(of: UInt8.self)
  }

  @Test(arguments: ["lmdb", "lmdb/data.mdb"])
  func `the largest size is read, and which one is said`(name: String) throws {
    let dataset = try Dataset.open(fixture(name))
    #expect(dataset.height == 48 && dataset.width == 48)
    #expect(try corners(dataset) == [0, 0, 48, 1, 0, 48, 2, 0, 48])
    #expect(dataset.labels == .none)
    #expect(
      try dataset.provenance.note
        == "\(fixture(name).path): pictures of 48x48 taken, of 8x8, 48x48")
  }

  @Test func `the size that is wanted is read where there is one`() throws {
    let small = try Dataset.open(fixture("lmdb"), size: 8)
    #expect(try corners(small) == [0, 0, 8, 1, 0, 8, 2, 0, 8])
    #expect(small.provenance.remarks == ["pictures of 8x8 taken, of 8x8, 48x48"])
    // Without it, the largest is made smaller.
    let other = try Dataset.open(fixture("lmdb"), size: 16)
    #expect(other.height == 16)
    #expect(other.provenance.remarks == ["pictures of 48x48 taken, of 8x8, 48x48"])
  }

  @Test func `a tree of several levels is read whole and in order`() throws {
    let dataset = try Dataset.open(fixture("deep.mdb"), channels: 1)
    #expect(dataset.count == 300 && dataset.provenance.note == nil)
    #expect(try corners(dataset) == (0..<300).map { UInt8($0 % 256) })
    let onDemand = try Dataset.open(
      fixture("deep.mdb"), split: .train,
      DatasetRequest(channels: 1, memoryLimitBytes: 100, excess: .decodedOnDemand))
    #expect(try onDemand.allBytes().hasSameBits(as: dataset.allBytes()))
  }

  @Test(arguments: [
    (
      "unfinished",
      "LMDB holds no pictures of the public StyleGAN2 scripts (it has no key length, so whatever wrote "
        + "it may have been stopped): expected keys such as 256-00000, and the number of pictures under "
        + "length, as prepare_data.py writes them"
    ),
    (
      "short-of-one",
      "LMDB is a damaged LMDB (it says that it has 3 pictures, and has 2 of 4x4): fetch it or make it "
        + "again"
    ),
    (
      "other",
      "LMDB holds no pictures of the public StyleGAN2 scripts (it has a key 0a1b): expected keys such as "
        + "256-00000, and the number of pictures under length, as prepare_data.py writes them"
    ),
    (
      "empty",
      "LMDB holds no pictures of the public StyleGAN2 scripts (it has no key length, so whatever wrote "
        + "it may have been stopped): expected keys such as 256-00000, and the number of pictures under "
        + "length, as prepare_data.py writes them"
    ),
  ])
  func `a database of other content is named`(name: String, words: String) throws {
    #expect(try refusal(name) == words)
  }

  @Test(arguments: ["lmdb/data.mdb", "deep.mdb"])
  func `a database that lacks a page of its tree is refused`(name: String) throws {
    let whole = try Data(contentsOf: fixture(name))
    let digest = try Dataset.open(fixture(name)).provenance.digest
    let folder = try TemporaryFolder()
    var refused = 0
    for length in stride(from: 0, to: whole.count, by: 1499) {
      let file = try folder.write(whole.prefix(length), to: "a.mdb")
      do throws(DatasetError) {
        // The last pages may be of the tree before the last transaction, and nobody misses them.
        #expect(try Dataset.open(file).provenance.digest == digest)
      } catch {
        #expect(
          error
            == .damagedLMDB(
              path: file.path, reason: "the file ends before its pages do: it was cut short"))
        refused += 1
      }
    }
    #expect(refused > 3 * whole.count / 1499 / 4)
  }

  @Test(arguments: [
    (
      16, [0xC0, 0xBE, 0xEF, 0xDE] as [UInt8],
      "meta page 0 has no magic number, so it is none or was cut short"
    ),
    (20, [2], "its version is 2, expected 1"),
    (40, [0, 0, 1, 1], "meta page 0 says that pages have 16842752 bytes"),
  ])
  func `damage of the first pages is named`(
    place: Int, bytes: [UInt8], reason: String
  ) throws {
    var whole = try [UInt8](Data(contentsOf: fixture("deep.mdb")))
    whole.replaceSubrange(place..<place + bytes.count, with: bytes)
    let folder = try TemporaryFolder()
    let file = try folder.write(whole, to: "a.mdb")
    #expect(
      try datasetError { _ = try Dataset.open(file) }
        == .damagedLMDB(path: file.path, reason: reason))
  }

  @Test func `a branch that leads back is refused, not followed`() throws {
    var whole = try [UInt8](Data(contentsOf: fixture("deep.mdb")))
    // The pages that are branches: all of their nodes lead to the first child.
    for page in stride(from: 8192, to: whole.count, by: 4096)
    where whole[page + 10] == 1 && whole[page + 12] > 18 {
      let node = page + Int(whole[page + 16]) + Int(whole[page + 17]) << 8
      let next = page + Int(whole[page + 18]) + Int(whole[page + 19]) << 8
      whole.replaceSubrange(next..<next + 6, with: whole[node..<node + 6])
    }
    let folder = try TemporaryFolder()
    let file = try folder.write(whole, to: "a.mdb")
    guard case .damagedLMDB(_, let reason) = try datasetError({ _ = try Dataset.open(file) }) else {
      Issue.record("another error")
      return
    }
    #expect(reason.hasSuffix("is used twice"))
  }

  @Test func `keys that share their bytes are refused`() throws {
    let whole = try [UInt8](Data(contentsOf: fixture("deep.mdb")))
    var bytes = whole
    // A key as long as LMDB allows, where the first node of each leaf was; all nodes of the leaf are it.
    for page in stride(from: 8192, to: bytes.count, by: 4096) where bytes[page + 10] == 2 {
      let lower = Int(bytes[page + 12]) + Int(bytes[page + 13]) << 8
      let node: [UInt8] = [0, 0, 0, 0, 0, 0, 0xFF, 1]
      bytes.replaceSubrange(page + 3000..<page + 3008, with: node)
      for place in stride(from: page + 16, to: page + lower, by: 2) {
        bytes.replaceSubrange(place..<place + 2, with: [UInt8(3000 & 0xFF), UInt8(3000 >> 8)])
      }
    }
    let folder = try TemporaryFolder()
    let file = try folder.write(bytes, to: "a.mdb")
    #expect(
      try datasetError { _ = try Dataset.open(file) }
        == .damagedLMDB(
          path: file.path, reason: "its keys and values have more bytes than the file"))
  }

  @Test(arguments: ["lmdb/data.mdb", "deep.mdb"])
  func `a database with wrong bytes gives pictures or an error`(name: String) throws {
    let whole = try [UInt8](Data(contentsOf: fixture(name)))
    let folder = try TemporaryFolder()
    var (readCount, refusedCount) = (0, 0)
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<100 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        // Headers and nodes are at the start of pages, where damage does most.
        let page = Int.random(in: 0..<bytes.count / 4096, using: &generator) * 4096
        let place = page + Int.random(in: 0..<200, using: &generator)
        bytes[place] = .random(in: .min ... .max, using: &generator)
      }
      let file = try folder.write(bytes, to: "a.mdb")
      do {
        _ = try Dataset.open(file, size: 2)
        readCount += 1
      } catch is DatasetError {
        refusedCount += 1
      }
    }
    #expect(readCount > 0 && refusedCount > 0)
  }
}
