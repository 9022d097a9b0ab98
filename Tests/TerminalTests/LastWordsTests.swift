#if os(Linux)
  import Foundation
  import Terminal
  import TestSupport
  import Testing

  @Suite struct LastWordsTests {
    @Test func `R03 the sentence names the operation, the way out and the last whole snapshot`()
      async throws
    {
      let result = await #expect(
        processExitsWith: .exitCode(1), observing: [\.standardErrorContent]
      ) {
        let folder = try TemporaryFolder()
        LastWords.advise("lower --batch")
        // The null device stands for a whole snapshot; the newest is still being written.
        LastWords.remember(snapshot: URL(filePath: "/dev/null"))
        LastWords.remember(snapshot: folder.url.appending(path: "snapshot-000020.safetensors"))
        LastWords.outOfMemory(in: "the operator '+'")
      }
      let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
      #expect(
        text.hasSuffix(
          "Error: out of memory in the operator '+': lower --batch; --resume goes on from /dev/null\n"
        ))
    }

    @Test func `R03 Swift's own allocations end with the sentence where memory is short`()
      async throws
    {
      let result = await #expect(
        processExitsWith: .exitCode(1), observing: [\.standardErrorContent]
      ) {
        LastWords.prepare()
        LastWords.advise("lower --batch")
        try AddressSpace.limit(toFurtherBytes: 128 << 20)
        let bytes = [UInt8](repeating: 1, count: 1 << 30)
        print(bytes.count)
      }
      let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
      #expect(text.contains("Error: out of memory: lower --batch\n"))
    }

    @Test func `X05 SIGQUIT ends the process at once`() async {
      await #expect(processExitsWith: .exitCode(128 + SIGQUIT)) {
        signal(SIGQUIT, SIG_DFL)
        LastWords.prepare()
        kill(getpid(), SIGQUIT)
        usleep(5_000_000)
      }
    }

    @Test func `X05 SIGQUIT stays ignored where it was, as in a shell's background`() async {
      await #expect(processExitsWith: .exitCode(7)) {
        signal(SIGQUIT, SIG_IGN)
        LastWords.prepare()
        kill(getpid(), SIGQUIT)
        usleep(100_000)
        exit(7)
      }
    }

    @Test func `R03 a mistake in code stays a trap with its own words`() async throws {
      let result = await #expect(
        processExitsWith: .failure, observing: [\.standardErrorContent]
      ) {
        LastWords.prepare()
        fatalError("a mistake")
      }
      let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
      #expect(text.contains("a mistake") && !text.contains("out of memory"))
    }

    @Test func `R03 a file that is cut short while it is mapped is told`() async throws {
      let result = await #expect(
        processExitsWith: .exitCode(1), observing: [\.standardErrorContent]
      ) {
        LastWords.prepare()
        let folder = try TemporaryFolder()
        let file = try folder.write([UInt8](repeating: 1, count: 8192), to: "file")
        let descriptor = open(file.path, O_RDWR)
        let bytes = try #require(mmap(nil, 8192, PROT_READ, MAP_SHARED, descriptor, 0))
        ftruncate(descriptor, 0)
        print(bytes.load(fromByteOffset: 4096, as: UInt8.self))
      }
      let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
      #expect(text.contains("Error: a file became shorter while it was being read"))
    }
  }
#endif
