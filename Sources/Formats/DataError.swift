/// What is wrong with a file, a table, a request or a place to write to: what a user can cause and
/// a user can mend.
///
/// It prints as `place: message`, for example
/// `iris.csv, line 3, column 'width': 'wide' is not a number`.
public struct DataError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Who has to act, and with which exit code a program should end.
  public enum Kind: Sendable, Hashable, CaseIterable {
    /// The input is not there, or may not be read (exit code 66).
    case missing
    /// The input is there and its content is wrong (exit code 65).
    case invalid
    /// The output can't be written (exit code 73).
    case unwritable
  }

  /// Which of the three it is.
  public let kind: Kind
  /// Where: a path, with the line, column, byte or tensor that is meant.
  public let place: String
  /// What is wrong there and, where it is not plain, what to do about it.
  public let message: String

  /// An error of this kind, at this place, with this message.
  public init(_ kind: Kind, place: String, message: String) {
    self.kind = kind
    self.place = place
    self.message = message
  }

  /// An input that is not there or may not be read.
  public static func missing(_ place: String, _ message: String) -> DataError {
    DataError(.missing, place: place, message: message)
  }

  /// An input whose content is wrong.
  public static func invalid(_ place: String, _ message: String) -> DataError {
    DataError(.invalid, place: place, message: message)
  }

  /// An output that can't be written.
  public static func unwritable(_ place: String, _ message: String) -> DataError {
    DataError(.unwritable, place: place, message: message)
  }

  /// `place: message`, on one line: a control character from a name in a file shows as its code, so
  /// that it neither breaks the line nor reaches a terminal.
  public var description: String {
    var line = ""
    for scalar in "\(place): \(message)".unicodeScalars {
      if scalar.properties.generalCategory == .control {
        line += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        line.unicodeScalars.append(scalar)
      }
    }
    return line
  }
}
