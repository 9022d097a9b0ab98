import CZlib
import Foundation
import Synchronization
import TestSupport
import Testing
import Torch

@testable import Datasets

@Suite struct PictureReaderTests {
  /// A picture of noise, as a file.
  private func noise(_ width: Int, _ height: Int, channels: Int) throws -> Data {
    let pixels = RandomGenerator(seed: 5).uniform([width * height * channels]) * 255
    return try Image(
      width: width, height: height, channels: channels,
      pixels: pixels.to(.uint8).array(of: UInt8.self)
    ).pngData()
  }

  @Test(
    arguments: [(700, 500), (400, 900), (512, 512), (363, 362), (750, 700)], [8, 32, 61, 256, 600])
  func `R09 a picture resized by strips has the bits of one resized whole`(
    sides: (width: Int, height: Int), size: Int
  ) throws {
    for (stored, wanted) in [(3, 3), (3, 1), (1, 3), (1, 1)] {
      let file = try noise(sides.width, sides.height, channels: stored)
      let square = try PictureReader.reading(file, named: "noise") {
        reader throws(DatasetError) in
        try reader.centerSquare()
      }
      let whole = PictureResizing.resized(square.byteTensor, size: size, channels: wanted)
      let strips = try PictureReader.reading(file, named: "noise") {
        reader throws(DatasetError) in
        try reader.centerSquare(size: size, channels: wanted)
      }
      #expect(strips.hasSameBits(as: whole), "\(stored) channels to \(wanted)")
    }
  }

  @Test func `R09 large and small pictures of a folder stay in order`() throws {
    let folder = try TemporaryFolder()
    for index in 0..<30 {
      let side = index % 3 == 0 ? 370 : 20 + index / 7
      try folder.writePicture(
        [UInt8(index * 8)], width: side, height: side, to: "\(100 + index).png")
    }
    for threads in [1, 3] {
      let dataset = try ImageFolder(folder.url)
        .read(DatasetRequest(size: 2, channels: 1), threads: threads)
      #expect(
        try dataset.allBytes().array(of: UInt8.self)
          == (0..<30).flatMap { [UInt8](repeating: UInt8($0 * 8), count: 4) })
    }
  }

  @Test func `R09 a large picture is never held whole`() throws {
    let file = try noise(900, 800, channels: 3)
    let held = try PictureReader.reading(file, named: "a") { reader in
      reader.squareBytes(size: 32, channels: 3)
    }
    #expect(held == 4 * 3 * 800 * 32)
  }

  @Test func `R09 the header says what is too large, whatever follows`() throws {
    func refusal(_ width: UInt32, _ height: UInt32, interlaced: Bool = false) throws -> String {
      let file = Data(PNGChunks.header(width: width, height: height, interlaced: interlaced))
      return try datasetError { _ = try Image.decode(file, named: "a.png") }.description
    }
    #expect(
      try refusal(16384, 16384)
        == "a.png is too large (16384 x 16384 pixels, more than the limit of 67108864): shrink it or "
        + "remove it")
    #expect(
      try refusal(8192, 8192, interlaced: true)
        == "a.png is too large (8192 x 8192 pixels that are interlaced, progressive or to be turned "
        + "upright need 192 MiB, more than so small a file may take): shrink it or remove it")
    // Of the size that is allowed, only what the file holds is decoded.
    #expect(try refusal(8192, 8192).hasPrefix("a.png is a broken picture ("))
  }

  @Test func `R09 damage below the square is noticed`() throws {
    // The square is in the middle of a tall picture; its end is cut off.
    for sides in [(300, 900), (40, 90)] {
      let file = try noise(sides.0, sides.1, channels: 3)
      let folder = try TemporaryFolder()
      let broken = try folder.write(file.prefix(file.count * 9 / 10), to: "a.png")
      guard
        case .brokenImage(broken.path, _) = try datasetError({
          _ = try Dataset.open(folder.url, size: 8)
        })
      else {
        Issue.record("another error")
        continue
      }
    }
  }

  #if os(Linux)
    @Test func `R09 texts and profiles that unpack to megabytes are passed by`() async {
      await #expect(processExitsWith: .success) {
        let text = [UInt8](repeating: 0x61, count: 4 << 20)
        var (packed, count) = ([UInt8](repeating: 0, count: 1 << 16), UInt(1 << 16))
        precondition(compress(&packed, &count, text, UInt(text.count)) == Z_OK)
        let chunk = PNGChunks.chunk("zTXt", Array("Comment\0\0".utf8) + packed.prefix(Int(count)))
        let file = PNGChunks.inserting(
          Array(repeatElement(chunk, count: 64).joined()), before: "IDAT",
          in: try Image.plain([9, 8, 7]).pngData())
        let before = try ResidentMemory.megabytes()
        let growth = try PictureReader.reading(file, named: "a.png") { _ in
          ((try? ResidentMemory.megabytes()) ?? .infinity) - before
        }
        // The texts would be 256 MB.
        precondition(growth < 64, "the resident set grew by \(growth) MB")
        let picture = try Image.decode(file)
        precondition(picture == Image.plain([9, 8, 7]))
      }
    }
  #endif

  @Test func `R09 a picture that broke gives no rows afterwards either`() throws {
    // One row by row, and one that must be decoded to its end before the first.
    let plain = try noise(60, 60, channels: 3)
    let turned = PNGChunks.inserting(
      PNGChunks.chunk("eXIf", try stored(6).exif), before: "IDAT", in: plain)
    for file in [plain, turned] {
      let reasons = try PictureReader.reading(file.prefix(file.count / 2), named: "a") {
        reader throws(DatasetError) in
        var reasons: [String] = []
        for _ in 0..<3 {
          do throws(DatasetError) {
            _ = try reader.rows(60, columns: 0..<60)
          } catch {
            reasons.append("\(error)")
          }
        }
        return reasons
      }
      #expect(reasons.count == 3)
      #expect(Set(reasons).count == 1, "\(reasons)")
    }
  }

  @Test func `R09 the gate never lets in more than its limit`() {
    let gate = MemoryGate(10)
    let held = Mutex((now: 0, most: 0, alone: true))
    Torch.concurrently(64) { index in
      let cost = index % 9 == 0 ? 25 : 1 + index % 5
      gate.enter(cost)
      held.withLock {
        $0.now += cost
        if cost > 10 {
          $0.alone = $0.alone && $0.now == cost
        } else {
          $0.most = max($0.most, $0.now)
        }
      }
      // Long enough for another thread to come.
      usleep(500)
      held.withLock { $0.now -= cost }
      gate.leave(cost)
    }
    let (most, alone) = held.withLock { ($0.most, $0.alone) }
    #expect(most <= 10 && alone)
  }

  // MARK: - EXIF

  /// The EXIF data of a JPEG, and its pixels as they are stored.
  private func stored(_ orientation: Int) throws -> (exif: [UInt8], picture: Image) {
    var file = try Data(contentsOf: fixture("orientation-\(orientation).jpg"))
    let start = try #require(file.range(of: Data("Exif\0\0".utf8)))
    // The length of the segment counts its own two bytes and those of the name.
    let length = Int(file[start.lowerBound - 2]) << 8 | Int(file[start.lowerBound - 1])
    let exif = Array(file[start.upperBound..<start.upperBound + length - 8])
    file[start.lowerBound] ^= 0xff
    return (exif, try Image.decode(file))
  }

  @Test(arguments: 1...8, ["IDAT", "IEND"])
  func `X07 a PNG is turned upright as its EXIF orientation says`(
    orientation: Int, place: String
  ) throws {
    let (exif, picture) = try stored(orientation)
    let file = PNGChunks.inserting(
      PNGChunks.chunk("eXIf", exif), before: place, in: try picture.pngData())
    #expect(try Image.decode(file) == Image.read(fixture("orientation-\(orientation).jpg")))
  }

  @Test(arguments: [true, false])
  func `X07 both byte orders are read, and damaged data turn nothing`(isLittle: Bool) throws {
    func file(_ orientation: UInt8, cutTo length: Int = 100) throws -> Data {
      func number(_ value: UInt8, _ size: Int) -> [UInt8] {
        let zeros = [UInt8](repeating: 0, count: size - 1)
        return isLittle ? [value] + zeros : zeros + [value]
      }
      // Header, one entry: tag 0x0112, type 3 (short), one value.
      let tag: [UInt8] = isLittle ? [0x12, 0x01] : [0x01, 0x12]
      let exif =
        Array((isLittle ? "II" : "MM").utf8) + number(42, 2) + number(8, 4) + number(1, 2) + tag
        + number(3, 2) + number(1, 4) + number(orientation, 2) + [0, 0]
      return PNGChunks.inserting(
        PNGChunks.chunk("eXIf", Array(exif.prefix(length))), before: "IDAT",
        in: try Image(width: 2, height: 1, channels: 1, pixels: [10, 20]).pngData())
    }
    let mirrored = Image(width: 2, height: 1, channels: 1, pixels: [20, 10])
    #expect(try Image.decode(file(2)) == mirrored)
    #expect(try Image.decode(file(6)).sizes == [1, 2, 1])
    for damaged in [try file(0), try file(9), try file(2, cutTo: 21), try file(2, cutTo: 3)] {
      #expect(try Image.decode(damaged).pixels == [10, 20])
    }
  }

  // MARK: - All at once

  @Test(arguments: [DatasetRequest.Excess.refused, .decodedOnDemand])
  func `X06 all broken pictures of a set are counted, ten are named`(
    excess: DatasetRequest.Excess
  ) throws {
    let folder = try TemporaryFolder()
    for index in 100..<250 { try folder.writePicture([1, 2, 3], to: "\(index).png") }
    let jpeg = try Data(contentsOf: fixture("rgb.jpg"))
    // Fourteen in several groups, of both kinds.
    for index in stride(from: 101, to: 241, by: 10) {
      try folder.write(index % 20 == 1 ? Data("x".utf8) : jpeg.prefix(99), to: "\(index).png")
    }
    let request = DatasetRequest(
      size: 4, memoryLimitBytes: excess == .refused ? 1 << 30 : 4800, excess: excess)
    guard
      case .brokenPictures(folder.url.path, 14, let first) = try datasetError({
        _ = try Dataset.open(folder.url, split: .train, request)
      })
    else {
      Issue.record("another error")
      return
    }
    #expect(
      first.map { $0.prefix(8) } == stride(from: 101, to: 201, by: 10).map { "\($0).png " })
    #expect(
      DatasetError.brokenPictures(path: "D", count: 3, first: ["a (x)", "b (y)"]).description
        == "D has 3 pictures that cannot be read: a (x); b (y) and 1 more: replace them or remove "
        + "them")
  }

  @Test func `X06 the first picture may be one of them`() throws {
    let folder = try TemporaryFolder()
    for name in ["1.png", "3.png"] { try folder.write(Data("x".utf8), to: name) }
    try folder.writePicture([1, 2, 3], to: "2.png")
    guard case .brokenPictures(_, 2, _) = try datasetError({ _ = try Dataset.open(folder.url) })
    else {
      Issue.record("another error")
      return
    }
  }
}
