/// Numbers with a decimal comma, as spreadsheets write them between semicolons where the comma is the decimal sign.
///
/// In a table separated by semicolons a field such as `-12,5` or `3,1e-4` is read as if it had a point, so that `0,5` and
/// `0.5` are one number, one class and one category, there and in any other table; likewise `12,5 %` and `1,036 €`, which is
/// little more than one. Digits are grouped by nothing: `1.234,5` and `1,234,5` are texts.
enum DecimalComma {
  /// Where the comma is in a number that has one; nil in anything else. A digit must follow it.
  @inline(__always)
  static func find(_ field: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let first = field.first, let last = field.last else { return nil }
    if WrittenNumber.isUnit(last) || WrittenNumber.isUnit(first) || (field.count > 1 && WrittenNumber.isUnit(field[1]))
    {
      return findBesideUnit(field)
    }
    var position = 0
    if let sign = field.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { position += 1 }
    passDigits(field, &position)
    guard position < field.count, field[position] == .comma else { return nil }
    let comma = position
    position += 1
    guard passDigits(field, &position) else { return nil }
    guard position < field.count else { return comma }
    guard field[position] | 0x20 == UInt8(ascii: "e") else { return nil }
    position += 1
    if position < field.count, field[position] == UInt8(ascii: "-") || field[position] == UInt8(ascii: "+") {
      position += 1
    }
    return passDigits(field, &position) && position == field.count ? comma : nil
  }

  /// Where the only comma is in a number with a currency or a per cent sign.
  @inline(never)
  private static func findBesideUnit(_ field: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let comma = field.firstIndex(of: .comma), !field.contains(UInt8(ascii: ".")) else { return nil }
    var pointed = Array(field)
    pointed[comma] = UInt8(ascii: ".")
    return pointed.withUnsafeBufferPointer { WrittenNumber.value($0) } == nil ? nil : comma
  }

  /// Says whether there was one.
  @inline(__always) @discardableResult
  private static func passDigits(_ field: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> Bool {
    let start = position
    while position < field.count, field[position] &- UInt8(ascii: "0") <= 9 { position += 1 }
    return position > start
  }

  /// What the table says for a number whose comma became a point.
  static func restored(_ content: UnsafeBufferPointer<UInt8>) -> String {
    String(decoding: content.map { $0 == UInt8(ascii: ".") ? .comma : $0 }, as: UTF8.self)
  }

  /// Memory that a table's pieces are copied into, one after the other, so that commas can become points.
  final class Copy {
    private var memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 0)

    deinit { memory.deallocate() }

    func take(_ piece: UnsafeBufferPointer<UInt8>) -> UnsafeMutableBufferPointer<UInt8> {
      if memory.count < piece.count {
        memory.deallocate()
        memory = .allocate(capacity: piece.count)
      }
      _ = memory.update(fromContentsOf: piece)
      return UnsafeMutableBufferPointer(rebasing: memory[..<piece.count])
    }
  }
}
