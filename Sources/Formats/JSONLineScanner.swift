/// Reads JSON Lines (jsonlines.org): an object a line, whose keys are a table's columns.
///
///     var scanner = JSONLineScanner(place: path)
///     try scanner.scan(line, number: 1) { column, kind, bytes in … }
///
/// What lies inside objects and arrays becomes columns of its own: `{"size": {"width": 2}, "tags": ["a", "b"]}` has the
/// columns `size.width`, `tags.0` and `tags.1`. An empty object or array has none. Keys may come in any order, and be
/// missing; a key that comes twice in a line is an error.
///
/// It remembers the columns of earlier lines, and in which order they came: as long as a line is like the one before, a key
/// costs one comparison.
public struct JSONLineScanner {
  /// What a value is.
  public enum Kind: Sendable, Hashable {
    /// A text, handed out without quotes and escapes.
    case string
    /// A number, handed out as it is written.
    case number
    /// `true` or `false`.
    case boolean
    /// `null`, with no bytes.
    case null
  }

  /// As many different columns as a file may have, and as long as the name of one may be, in bytes. A short line could
  /// otherwise name columns that fill the memory, since what is nested repeats the names around it.
  static let (mostColumns, longestName) = (100_000, 1000)

  /// The names of all columns so far, in the order in which they came. The number of a column is its place here.
  public private(set) var columns: [String] = []

  private let place: String
  private var names: [[UInt8]] = []
  private var numbers: [[UInt8]: Int] = [:]
  /// Whether a column's name is written in JSON as it is.
  private var isPlain: [Bool] = []
  /// The last line that had each column, counted by calls.
  private var seen: [Int] = []
  private var calls = 0
  /// The column that came last behind each one, and at [0] the one that came first in its line.
  private var followers = [0]
  private var last = 0
  /// The name of the value that is read, and the objects and arrays around it.
  private var name: [UInt8] = []
  private var open: [Container] = []
  private var text: [UInt8] = []

  private struct Container {
    let isObject: Bool
    /// Bytes of ``name`` that are its own.
    let nameLength: Int
    /// How many values of an array came.
    var count = 0
  }

  /// A reader that has seen no column yet.
  ///
  /// - Parameter place: what the file is called in errors.
  public init(place: String) { self.place = place }

  /// Hands out the values of a line, in the order in which they are written there.
  ///
  /// - Parameters:
  ///   - line: the line in UTF-8, with or without what ends it.
  ///   - number: the number of the line, for errors.
  ///   - body: takes a value: its column, what it is, and its bytes, which are gone when it returns. The scanner itself may
  ///     not be asked there: ``columns`` is for afterwards.
  /// - Returns: whether the line holds an object; a line of blanks does not.
  /// - Throws: ``DataError/Kind/invalid``, with the line and the byte in it, counted from 0, where it is not one JSON object;
  ///   and what the function throws.
  @discardableResult
  public mutating func scan(
    _ line: UnsafeBufferPointer<UInt8>, number: Int,
    _ body: (_ column: Int, _ kind: Kind, _ bytes: UnsafeBufferPointer<UInt8>) throws(DataError) -> Void
  ) throws(DataError) -> Bool {
    var reader = JSONReader(line, in: 0..<line.count)
    guard let first = reader.nextByte() else { return false }
    let stopped: DataError?
    do throws(JSONFailure) {
      if let wrong = UTF8Text.firstInvalid(in: line) {
        throw JSONFailure(position: wrong, message: "this is not UTF-8")
      }
      guard first == UInt8(ascii: "{") else { throw reader.failure(Self.noObject(first)) }
      stopped = try readObject(&reader, line) { column, kind, bytes in
        do throws(DataError) {
          try body(column, kind, bytes)
          return nil
        } catch {
          return error
        }
      }
    } catch {
      throw .invalid("\(place), line \(number), byte \(error.position)", error.message)
    }
    if let stopped { throw stopped }
    return true
  }

  private static func noObject(_ first: UInt8) -> String {
    first == UInt8(ascii: "[")
      ? "an array, where each line must be an object; write its objects a line each (jq -c '.[]' does it)"
      : "an object is expected: each line must be one, such as {\"age\": 31, \"name\": \"Li\"}"
  }

  /// Hands out values until the object ends, or an error comes back.
  private mutating func readObject(
    _ reader: inout JSONReader<UnsafeBufferPointer<UInt8>>, _ line: UnsafeBufferPointer<UInt8>,
    _ body: (Int, Kind, UnsafeBufferPointer<UInt8>) -> DataError?
  ) throws(JSONFailure) -> DataError? {
    calls += 1
    last = 0
    open.removeAll(keepingCapacity: true)
    try reader.enterObject()
    open.append(Container(isObject: true, nameLength: 0))
    while let container = open.last {
      guard try reader.hasNext(isObject: container.isObject) else {
        open.removeLast()
        continue
      }
      let expected = takeExpectedKey(&reader)
      if expected == nil { try takeName(&reader, line) }
      let next = reader.nextByte()
      if next == UInt8(ascii: "{") || next == UInt8(ascii: "[") {
        guard open.count < JSONScanner.deepest else {
          throw reader.failure("values nested deeper than \(JSONScanner.deepest) levels")
        }
        let isObject = next == UInt8(ascii: "{")
        if let expected { name = names[expected] }
        if isObject { try reader.enterObject() } else { try reader.enterArray() }
        open.append(Container(isObject: isObject, nameLength: name.count))
        continue
      }
      let column = if let expected { expected } else { try findColumn(reader) }
      guard seen[column] != calls else { throw reader.failure("the key '\(columns[column])' comes twice") }
      seen[column] = calls
      last = column + 1
      var (kind, range) = (Kind.string, Range<Int>?.none)
      if next == UInt8(ascii: "\"") {
        range = try reader.takeString(unescaped: &text)
        if range == nil {
          if let error = text.withUnsafeBufferPointer({ body(column, .string, $0) }) { return error }
          continue
        }
      } else if let number = try reader.takeNumber() {
        (kind, range) = (.number, number)
      } else if let word = reader.takeBoolean() {
        (kind, range) = (.boolean, word)
      } else if reader.takeNull() {
        (kind, range) = (.null, 0..<0)
      }
      guard let range else { throw reader.failure("a value is expected") }
      if let error = body(column, kind, UnsafeBufferPointer(rebasing: line[range])) { return error }
    }
    try reader.finish()
    return nil
  }

  /// Takes the key of the column that is expected, where that is what comes: most lines have the keys of the line before
  /// them, in the same order.
  @inline(__always)
  private func takeExpectedKey(_ reader: inout JSONReader<UnsafeBufferPointer<UInt8>>) -> Int? {
    let expected = followers[last]
    guard open.count == 1, expected < names.count, isPlain[expected] else { return nil }
    return reader.takeKey(names[expected]) ? expected : nil
  }

  /// Puts the next value's name into ``name``.
  private mutating func takeName(
    _ reader: inout JSONReader<UnsafeBufferPointer<UInt8>>, _ line: UnsafeBufferPointer<UInt8>
  ) throws(JSONFailure) {
    let inner = open.count - 1
    let container = open[inner]
    // behind an expected key, the name is that of an earlier value
    if inner == 0 { name.removeAll(keepingCapacity: true) } else { name.removeLast(name.count - container.nameLength) }
    if inner > 0 { name.append(UInt8(ascii: ".")) }
    if container.isObject {
      if let range = try reader.takeString(unescaped: &text) {
        name.append(contentsOf: line[range])
      } else {
        name.append(contentsOf: text)
      }
      try reader.takeColon()
    } else {
      name.append(contentsOf: String(container.count).utf8)
      open[inner].count += 1
    }
    guard name.count <= Self.longestName else {
      throw reader.failure("a key, with those around it, is longer than \(Self.longestName) bytes")
    }
  }

  /// The column that ``name`` names.
  private mutating func findColumn(
    _ reader: JSONReader<UnsafeBufferPointer<UInt8>>
  ) throws(JSONFailure) -> Int {
    let expected = followers[last]
    if expected < names.count, names[expected] == name { return expected }
    if let known = numbers[name] {
      followers[last] = known
      return known
    }
    let column = columns.count
    guard column < Self.mostColumns else {
      throw reader.failure("more than \(Self.mostColumns) different keys; a key must name a column, not hold data")
    }
    columns.append(String(decoding: name, as: UTF8.self))
    names.append(name)
    isPlain.append(JSONScanner.isPlain(name))
    numbers[name] = column
    followers[last] = column
    seen.append(0)
    // what comes behind a new column is as likely another new one
    followers.append(column + 1)
    return column
  }
}
