#if os(Linux)
  import Foundation
  import Testing

  /// The library that counts allocations, by itself and in front of the program.
  @Suite struct AllocationTests {
    private static let library = Program.url.deletingLastPathComponent().appendingPathComponent("libMallocCounter.so")

    /// Its functions, without its being in front of anything: what is called through these pointers is counted, and
    /// nothing else.
    private struct Counter {
      private let handle: UnsafeMutableRawPointer

      init() throws {
        handle = try #require(dlopen(library.path, RTLD_NOW | RTLD_LOCAL), "\(library.path) cannot be loaded")
      }

      func function<Function>(_ name: String, _: Function.Type) throws -> Function {
        unsafeBitCast(try #require(dlsym(handle, name), "no function \(name)"), to: Function.self)
      }

      func call(_ name: String) throws { try function(name, (@convention(c) () -> Void).self)() }

      /// Ours, and oneDNN's.
      func counts() throws -> [Int64] {
        try ["own", "onednn"].map { name in
          try function("descent_malloc_counter_\(name)", (@convention(c) () -> Int64).self)()
        }
      }
    }

    @Test func everyKindOfAllocationCounts() throws {
      typealias One = @convention(c) (Int) -> UnsafeMutableRawPointer?
      typealias Two = @convention(c) (Int, Int) -> UnsafeMutableRawPointer?
      let counter = try Counter()
      let malloc = try counter.function("malloc", One.self)
      let calloc = try counter.function("calloc", Two.self)
      let realloc = try counter.function(
        "realloc", (@convention(c) (UnsafeMutableRawPointer?, Int) -> UnsafeMutableRawPointer?).self)
      let aligned = try ["memalign", "aligned_alloc"].map { try counter.function($0, Two.self) }
      let posix = try counter.function(
        "posix_memalign", (@convention(c) (UnsafeMutablePointer<UnsafeMutableRawPointer?>?, Int, Int) -> Int32).self)

      free(malloc(10))
      try counter.call("descent_malloc_counter_start")
      #expect(try counter.counts() == [0, 0])
      free(malloc(10))
      #expect(try counter.counts() == [1, 0])
      let zeros = try #require(calloc(3, 5))
      #expect((0..<15).allSatisfy { zeros.load(fromByteOffset: $0, as: UInt8.self) == 0 })
      zeros.storeBytes(of: 7, as: UInt8.self)
      let moved = try #require(realloc(zeros, 100_000))
      #expect(moved.load(as: UInt8.self) == 7)
      free(moved)
      #expect(try counter.counts() == [3, 0])
      for function in aligned {
        let memory = try #require(function(256, 1024))
        #expect(UInt(bitPattern: memory) % 256 == 0)
        free(memory)
      }
      var memory: UnsafeMutableRawPointer?
      #expect(posix(&memory, 64, 100) == 0 && UInt(bitPattern: memory) % 64 == 0)
      free(memory)
      #expect(posix(&memory, 3, 100) == EINVAL)
      #expect(try counter.counts() == [6, 0])

      DispatchQueue.concurrentPerform(iterations: 8) { _ in for _ in 0..<1000 { free(malloc(1)) } }
      #expect(try counter.counts() == [8006, 0])
      try counter.call("descent_malloc_counter_stop")
      free(malloc(10))
      #expect(try counter.counts() == [8006, 0])
      try counter.call("descent_malloc_counter_start")
      #expect(try counter.counts() == [0, 0])
      try counter.call("descent_malloc_counter_stop")
    }

    /// What a workload allocates a step.
    private func allocations(_ line: String) throws -> (own: Double, oneDNN: Double) {
      let run = try Workshop().run("bench \(line) --json --seconds 0.05")
      #expect(run.code == 0 && run.errors.isEmpty, "\(run.errors)")
      let record = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
      return (
        try #require(record["allocations_per_step"] as? Double, "not counted"),
        try #require(record["allocations_in_onednn"] as? Double, "not counted")
      )
    }

    @Test func stepsWithoutOneDNNAllocateNothingInIt() throws {
      #expect(try allocations("tiny --products own").oneDNN == 0)
    }

    #if OneDNN
      @Test func stepsWithOneDNNAllocateInIt() throws {
        #expect(try allocations("tiny --products onednn").oneDNN > 0)
      }
    #endif

    /// Every node of a graph is an object of its own.
    @Test func allocationsOfOurOwnAreSeen() throws {
      #expect(try allocations("planning-chain").own >= 1000)
    }

    /// Not counted where the library is not beside the program.
    @Test func noCounterNoCount() throws {
      let workshop = try Workshop()
      let copy = URL(fileURLWithPath: workshop.path("descent"))
      try FileManager.default.copyItem(at: Program.url, to: copy)
      let run = try workshop.run(["bench", "tiny", "--json", "--seconds", "0.05"], program: copy)
      #expect(run.code == 0)
      for key in ["allocations_per_step", "allocations_in_onednn"] {
        #expect(run.output.contains("\"\(key)\":null"), "\(run.output)")
      }
    }

    @Test(
      .enabled(if: Program.release != nil, "unoptimised Swift allocates by nature: DESCENT_PROGRAM names no program"),
      arguments: ["tiny", "tiny --precision bfloat16"]
        + (BenchTests.picturesAreThere
          ? ["nielsen", "mlp", "mlp --precision bfloat16", "autoencoder", "lenet", "infer-mlp"] : []))
    func aReplayedStepMakesNoAllocationOfItsOwn(_ workload: String) throws {
      #expect(try allocations(workload).own == 0)
    }
  }
#endif
