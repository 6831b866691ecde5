/// Unpacks data packed by deflate. Source: RFC 1951.
///
/// It reads from memory that outlives it, or from a stream, and appends to an ``InflateOutput``.
struct Inflate {
  /// Why unpacking stopped.
  enum Failure: Error, Equatable {
    /// Whoever takes the output does not want more.
    case refused(DataError)
    /// The packed data is no deflate data, for this reason, found before this byte.
    case damaged(String, byte: Int)
    /// More than the output may hold.
    case full
    /// No memory for the output.
    case noMemory
  }

  /// Behind the packed data once ``run(into:)`` is through.
  var input: BitReader
  private var literals = HuffmanTable(rootBits: 11)
  private var distances = HuffmanTable(rootBits: 8)
  private var codeLengths = HuffmanTable(rootBits: 7)

  /// Starts at the byte with number `position`.
  init(_ bytes: UnsafeRawBufferPointer, at position: Int) {
    self.init(BitReader(bytes, at: position))
  }

  /// Starts where a reader stands.
  init(_ input: BitReader) { self.input = input }

  /// Unpacks all blocks up to the last one.
  ///
  /// - Returns: The number of the first byte after the packed data.
  @discardableResult
  mutating func run(into output: inout InflateOutput) throws(Failure) -> Int {
    output.startMember()
    var isLast = false
    while !isLast {
      isLast = input.take(1) == 1
      let type = input.take(2)
      if input.isExhausted { throw truncated }
      switch type {
      case 0: try copyStored(into: &output)
      case 1:
        buildFixedCode()
        try decode(into: &output)
      case 2:
        try readDynamicCode()
        try decode(into: &output)
      default: throw damaged("a block of the reserved type 3")
      }
    }
    input.alignToByte()
    return input.position
  }

  private func damaged(_ what: String) -> Failure { .damaged(what, byte: input.position) }

  private var truncated: Failure { damaged("the data ends in the middle of a block") }

  // MARK: - Blocks

  private mutating func copyStored(into output: inout InflateOutput) throws(Failure) {
    input.alignToByte()
    let length = input.take(16)
    let complement = input.take(16)
    if input.isExhausted { throw truncated }
    guard length ^ complement == 0xFFFF else { throw damaged("a stored block whose two lengths disagree") }
    var rest = length
    while rest > 0 {
      let bytes = input.takeBytes(rest)
      guard !bytes.isEmpty else { throw truncated }
      try output.append(bytes)
      rest -= bytes.count
    }
  }

  private mutating func buildFixedCode() {
    _ = literals.build(
      DeflateSymbols.fixedLiteralLengths[...], meanings: DeflateSymbols.literalsAndLengths, completeness: .required)
    _ = distances.build(
      DeflateSymbols.fixedDistanceLengths[...], meanings: DeflateSymbols.distances, completeness: .required)
  }

  private mutating func readDynamicCode() throws(Failure) {
    let literalCount = input.take(5) + 257
    let distanceCount = input.take(5) + 1
    let storedCount = input.take(4) + 4
    guard literalCount <= 286, distanceCount <= 30 else {
      throw damaged("a Huffman code with more symbols than deflate has")
    }
    var packed = [UInt8](repeating: 0, count: 19)
    for index in 0..<storedCount { packed[DeflateSymbols.codeLengthOrder[index]] = UInt8(input.take(3)) }
    if input.isExhausted { throw truncated }
    guard codeLengths.build(packed[...], meanings: DeflateSymbols.codeLengths, completeness: .required) else {
      throw damaged("an over-subscribed or incomplete Huffman code for code lengths")
    }

    let lengths = try readCodeLengths(literalCount + distanceCount)
    guard lengths[256] != 0 else { throw damaged("a Huffman code without an end of block") }
    let meanings = DeflateSymbols.literalsAndLengths
    guard literals.build(lengths[..<literalCount], meanings: meanings, completeness: .oneCodeMayStandAlone) else {
      throw damaged("an over-subscribed or incomplete Huffman code for literals and lengths")
    }
    let isComplete = distances.build(
      lengths[literalCount...], meanings: DeflateSymbols.distances, completeness: .mayBeEmpty)
    guard isComplete else { throw damaged("an over-subscribed or incomplete Huffman code for distances") }
  }

  /// Reads the lengths of both codes, which are packed as one list.
  private mutating func readCodeLengths(_ count: Int) throws(Failure) -> [UInt8] {
    var lengths: [UInt8] = []
    lengths.reserveCapacity(count)
    while lengths.count < count {
      input.refill()
      let entry = codeLengths.entries[input.peek(codeLengths.rootBits)]
      input.drop(Int(entry & 0xFF))
      let repeated: (value: UInt8, count: Int)
      switch entry >> 16 {
      case 16:
        guard let last = lengths.last else { throw damaged("a repeated code length with none before it") }
        repeated = (last, input.take(2) + 3)
      case 17: repeated = (0, input.take(3) + 3)
      case 18: repeated = (0, input.take(7) + 11)
      case let length: repeated = (UInt8(length), 1)
      }
      if input.isExhausted { throw truncated }
      guard lengths.count + repeated.count <= count else { throw damaged("more code lengths than were announced") }
      lengths.append(contentsOf: repeatElement(repeated.value, count: repeated.count))
    }
    return lengths
  }

  // MARK: - The hot loop

  private mutating func decode(into output: inout InflateOutput) throws(Failure) {
    // A local copy of the reader lives in registers.
    var reader = input
    defer { input = reader }
    let outcome = literals.entries.withUnsafeBufferPointer { literals in
      distances.entries.withUnsafeBufferPointer { distances in
        Inflate.decode(
          &reader, literals.baseAddress!, self.literals.rootBits, distances.baseAddress!, self.distances.rootBits,
          into: &output)
      }
    }
    switch outcome {
    case .endOfBlock: return
    case .failed(let failure): throw failure
    case .damaged(let what): throw .damaged(what, byte: reader.position)
    }
  }

  private enum Outcome {
    case endOfBlock
    case damaged(String)
    case failed(Failure)
  }

  /// Decodes one block's symbols. The tables come as pointers so that no bounds are checked: an
  /// index has at most as many bits as its table was built for.
  private static func decode(
    _ input: inout BitReader, _ literals: UnsafePointer<HuffmanTable.Entry>, _ literalBits: Int,
    _ distances: UnsafePointer<HuffmanTable.Entry>, _ distanceBits: Int, into output: inout InflateOutput
  ) -> Outcome {
    let extraBits: UInt32 = 0x1F
    while true {
      if let failure = output.reserveForSymbols() { return .failed(failure) }
      input.refill()
      // 56 bits hold two literals (of 15 bits at most) and not quite a match after them: a match takes 48.
      var entry = lookUp(&input, literals, literalBits)
      if entry & HuffmanTable.literal != 0 {
        output.append(UInt8(truncatingIfNeeded: entry >> 16))
        entry = lookUp(&input, literals, literalBits)
        if entry & HuffmanTable.literal != 0 {
          output.append(UInt8(truncatingIfNeeded: entry >> 16))
          if input.isExhausted { return .damaged("the data ends in the middle of a block") }
          continue
        }
        input.refill()
      }
      if entry & HuffmanTable.exceptional != 0 {
        if input.isExhausted { return .damaged("the data ends in the middle of a block") }
        return entry >> 16 == 1 ? .endOfBlock : .damaged("bits that are no literal and no length")
      }
      let lengthBits = Int(entry >> 8 & extraBits)
      let length = Int(entry >> 16) &+ input.peek(lengthBits)
      input.drop(lengthBits)

      entry = lookUp(&input, distances, distanceBits)
      let isDistance = entry & HuffmanTable.exceptional == 0
      let distanceExtra = Int(entry >> 8 & extraBits)
      let distance = Int(entry >> 16) &+ input.peek(distanceExtra)
      input.drop(distanceExtra)
      if input.isExhausted { return .damaged("the data ends in the middle of a block") }
      guard isDistance else { return .damaged("bits that are no distance") }
      guard output.repeatBytes(length, from: distance) else {
        return .damaged("a distance that reaches back before the data's start")
      }
    }
  }

  @inline(__always)
  private static func lookUp(
    _ input: inout BitReader, _ table: UnsafePointer<HuffmanTable.Entry>, _ rootBits: Int
  ) -> HuffmanTable.Entry {
    var entry = table[input.peek(rootBits)]
    input.drop(Int(entry & 0xFF))
    if entry & HuffmanTable.secondLevel != 0 {
      entry = table[Int(entry >> 16) &+ input.peek(Int(entry >> 8 & 0x1F))]
      input.drop(Int(entry & 0xFF))
    }
    return entry
  }
}
