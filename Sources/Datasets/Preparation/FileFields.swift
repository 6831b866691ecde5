import DescentFormats
import DescentTensors

/// A file that a field of a table names.
struct FileField: Sendable {
  let path: String
  /// The row and the column of the field, counted from 0.
  let row, column: Int
}

extension Table {
  /// The file that a field of a row names: a path from the table's own folder, or from the root.
  func file(_ row: borrowing TableRow, _ column: Int) throws(DataError) -> FileField {
    guard let name = row.fields[column].text else { throw row.invalid(column, "the path is not valid UTF-8") }
    var folder = ""
    if !name.hasPrefix("/"), let end = place.lastIndex(of: "/") { folder = String(place[...end]) }
    return FileField(path: folder + name, row: row.index, column: column)
  }

  /// The results of reading files, in their order, on as many threads as the settings allow.
  ///
  /// - Throws: ``DataError`` that names line and column of the first file that can't be read.
  func read<Value: Sendable>(
    _ files: [FileField], _ body: @Sendable (_ file: Int, _ path: String) throws(DataError) -> Value
  ) throws(DataError) -> [Value] {
    do throws(FileFailure) {
      return try parallelMap(files.count) { file throws(FileFailure) in
        let path = files[file].path
        do throws(DataError) {
          // what is neither a file nor missing, such as a device, may have no end
          guard Files.isRegularFile(path) || !Files.exists(path) else {
            throw .invalid(path, "a file is expected here, and this is none")
          }
          return try body(file, path)
        } catch {
          throw FileFailure(field: files[file], error: error)
        }
      }
    } catch {
      throw explained(error)
    }
  }

  private func explained(_ failure: FileFailure) -> DataError {
    let (field, error) = (failure.field, failure.error)
    let message =
      "\(error.place): \(error.message); mend the file or its path, which begins at the table's folder, or empty the field"
    var found: DataError?
    do throws(DataError) {
      // the line is not known before it is needed: another walk over the table counts it
      try forEachRow { row throws(DataError) in
        guard row.index == field.row else { return true }
        found = row.invalid(field.column, message)
        return false
      }
    } catch {
      return error
    }
    return found ?? .invalid(place, message)
  }
}

private struct FileFailure: Error {
  let field: FileField
  let error: DataError
}

/// What turns a file into numbers of a sample.
protocol FileEncoder: Sendable {
  /// - Throws: ``DataError`` where the file can't be read.
  func encode(_ path: String, into out: UnsafeMutableBufferPointer<Float>) throws(DataError)
}

/// Files that rows name, and where their numbers belong: gathered while a table is walked over, and then read together.
struct FileQueue {
  private var files: [FileField] = []
  private var encoders: [any FileEncoder] = []
  private var places: [(numbers: Address<Float>, count: Int)] = []

  /// Takes in a file; the place must be there until ``read(_:)`` has ended.
  mutating func add(_ file: FileField, _ encoder: any FileEncoder, _ place: UnsafeMutableBufferPointer<Float>) {
    guard let base = place.baseAddress else { return }
    files.append(file)
    encoders.append(encoder)
    places.append((Address(base), place.count))
  }

  /// Reads all files of the table, and is empty again.
  ///
  /// - Throws: ``DataError`` that names line and column of the first file that can't be read.
  mutating func read(_ table: Table) throws(DataError) {
    guard !files.isEmpty else { return }
    let encoders = encoders
    // every file has a place of its own
    let places = places
    _ = try table.read(files) { file, path throws(DataError) in
      let encoder = encoders[file]
      let place = places[file]
      try encoder.encode(path, into: UnsafeMutableBufferPointer(start: place.numbers.pointer, count: place.count))
    }
    self = FileQueue()
  }
}

/// Which files of many are looked at where a sample of them is enough: evenly spaced, at most so many.
func evenly(_ count: Int, atMost most: Int) -> [Int] {
  count <= most ? Array(0..<count) : (0..<most).map { $0 * count / most }
}
