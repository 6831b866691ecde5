/// The addresses of a run's values, by slot.
package typealias Slots = UnsafeMutablePointer<UnsafeMutableRawPointer?>

/// One call of a plan: a function and what it was prepared with. Running it counts no references and allocates nothing.
package struct Step: Sendable {
  package typealias Function = @convention(c) (_ context: UnsafeMutableRawPointer, _ slots: Slots) -> Void

  /// What it computes, for profiles.
  package let name: String
  /// What it takes, for profiles.
  package internal(set) var cost = StepCost()
  /// The call by itself: what the replay loop walks over.
  let call: Call
  private let owner: any AnyObject & Sendable

  struct Call: Sendable {
    let function: Function
    let context: Address<UInt8>
  }

  /// A step from a context that only the function reads.
  ///
  /// - Parameter threads: how many share it.
  init<Context>(_ name: String, _ context: Context, threads: Int = 1, _ function: Function) {
    let owner = Owner(context)
    self.name = name
    cost.threads = threads
    self.owner = owner
    call = Call(
      function: function,
      context: Address(UnsafeMutableRawPointer(owner.address.pointer).assumingMemoryBound(to: UInt8.self)))
  }

  /// Keeps a context where it is for as long as the step lives.
  private final class Owner<Context>: Sendable {
    let address: Address<Context>

    init(_ context: Context) {
      address = Address(.allocate(capacity: 1))
      address.pointer.initialize(to: context)
    }

    deinit {
      address.pointer.deinitialize(count: 1)
      address.pointer.deallocate()
    }
  }
}

extension UnsafeMutablePointer<UnsafeMutableRawPointer?> {
  /// The memory of a slot as floats. A plan fills every slot before its first step.
  @inline(__always)
  func floats(_ slot: Int) -> UnsafeMutablePointer<Float> {
    self[slot].unsafelyUnwrapped.assumingMemoryBound(to: Float.self)
  }
}

extension UnsafeMutablePointer<UnsafeMutableRawPointer?> {
  /// The memory of a slot as bfloat16.
  @inline(__always)
  func halves(_ slot: Int) -> UnsafeMutablePointer<UInt16> {
    self[slot].unsafelyUnwrapped.assumingMemoryBound(to: UInt16.self)
  }
}

extension UnsafeMutableRawPointer {
  /// The context of a step, as the type that it was made with.
  @inline(__always)
  func context<Context>(_: Context.Type) -> UnsafeMutablePointer<Context> { assumingMemoryBound(to: Context.self) }
}
