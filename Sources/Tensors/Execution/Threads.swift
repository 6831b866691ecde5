#if OneDNN
  import CKernels
#endif
#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The one thread pool, behind one function.
enum Threads {
  /// One part of a piece of work. A C function, because a closure that is handed to other threads is allocated.
  typealias Part = @convention(c) (_ work: UnsafeRawPointer, _ part: Int) -> Void

  /// Runs the function for parts 0 ..< count of the work side by side, and returns when all are done.
  ///
  /// Where oneDNN computes products, the parts run on libgomp's team, where its own loops run too: two pools would fight
  /// for the processors, because libgomp's threads spin for a while after their work. libgomp comes in with oneDNN and is
  /// looked up at run time, since Debian has no name to link it by.
  static func run<Work>(_ count: Int, on work: Work, _ function: Part) {
    withUnsafePointer(to: work) { work in
      if count <= 1 {
        if count == 1 { function(work, 0) }
        return
      }
      #if OneDNN
        if let gomp = team {
          var region = Region(
            function: function, work: work, partOf: gomp.threadNumber, teamSize: gomp.teamSize, count: count)
          gomp.parallel({ $0?.assumingMemoryBound(to: Region.self).pointee.run() }, &region, UInt32(count), 0)
          return
        }
      #endif
      ThreadPool.shared.run(count, function, work)
    }
  }

  /// The same with a closure, which costs an allocation: for work beside the steps of plans.
  static func run(_ count: Int, _ body: (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      run(count, on: body) { work, part in work.load(as: ((Int) -> Void).self)(part) }
    }
  }

  #if OneDNN
    private typealias Task = @convention(c) (UnsafeMutableRawPointer?) -> Void
    private typealias Parallel = @convention(c) (Task, UnsafeMutableRawPointer?, UInt32, UInt32) -> Void
    private typealias Count = @convention(c) () -> Int32

    private struct Region {
      let function: Part
      let work: UnsafeRawPointer
      let partOf, teamSize: Count
      let count: Int

      func run() {
        // a team may be smaller than asked for
        for part in stride(from: Int(partOf()), to: count, by: Int(teamSize())) { function(work, part) }
      }
    }

    private struct Gomp: Sendable {
      let parallel: Parallel
      let threadNumber, teamSize: Count
      let setThreads: @convention(c) (Int32) -> Void
    }

    /// libgomp's team, where oneDNN is what computes large products.
    private static let team = descent_processor_is_wider() ? gomp : nil

    private static let gomp: Gomp? = {
      guard let parallel = dlsym(nil, "GOMP_parallel"), let number = dlsym(nil, "omp_get_thread_num"),
        let size = dlsym(nil, "omp_get_num_threads"), let set = dlsym(nil, "omp_set_num_threads")
      else { return nil }
      return Gomp(
        parallel: unsafeBitCast(parallel, to: Parallel.self), threadNumber: unsafeBitCast(number, to: Count.self),
        teamSize: unsafeBitCast(size, to: Count.self),
        setThreads: unsafeBitCast(set, to: (@convention(c) (Int32) -> Void).self))
    }()

    /// Sets the size of the team for oneDNN calls that the current thread makes.
    static func setTeam(_ count: Int) { gomp?.setThreads(Int32(count)) }
  #endif
}
