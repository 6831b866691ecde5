import Descent

/// Network files: YAML or JSON that a person wrote.
enum NetworkFile {
  /// Larger than any network that is written by hand.
  private static let mostBytes = 4 << 20

  /// Whether a file is a network file by its name.
  static func isNamedSo(_ path: String) -> Bool { [".yaml", ".yml", ".json"].contains(where: path.hasSuffix) }

  /// - Throws: what is wrong with the file, with the line.
  static func read(_ path: String) throws -> NetworkDescription {
    let bytes = try Files.read(path, limit: mostBytes)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw DataError.invalid(path, "is not text in UTF-8")
    }
    do { return try NetworkDescription(yaml: text) } catch { throw failure(error, in: path) }
  }

  /// What is wrong, with the file and the line.
  static func failure(_ error: NetworkDescriptionError, in path: String) -> DataError {
    .invalid(error.line.map { "\(path):\($0)" } ?? path, error.sentence)
  }
}
