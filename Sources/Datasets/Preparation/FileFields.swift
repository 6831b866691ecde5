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
    return FileField(path: path(ofFile: name), row: row.index, column: column)
  }

  /// The path of a file that a field names.
  package func path(ofFile name: String) -> String {
    guard !name.hasPrefix("/"), let end = place.lastIndex(of: "/") else { return name }
    return place[...end] + name
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
      "\(error.place): \(error.message); mend the file or its path, which begins at the table's folder, empty the field, or leave the column out (--column NAME=leave-out)"
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

/// What a file was before it was brought to the form of all others.
enum FileFacts: Sendable {
  case picture(PictureSize)
  case recording(SoundPreparation.Recording)
}

/// What turns a file into numbers of a sample.
protocol FileEncoder: Sendable {
  /// - Throws: ``DataError`` where the file can't be read.
  func encode(_ path: String, into out: UnsafeMutableBufferPointer<Float>) throws(DataError) -> FileFacts
}

extension ColumnPreparation {
  /// What was done to such files to bring them to the form that the model takes, in clauses.
  func notes(_ facts: [FileFacts]) -> [String] {
    switch inputs {
    case .picture(let picture):
      picture.size.notes(facts.compactMap { if case .picture(let size) = $0 { size } else { nil } }, isCommon: false)
    case .sound(let sound):
      sound.notes(facts.compactMap { if case .recording(let recording) = $0 { recording } else { nil } })
    default: []
    }
  }
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

  /// What was found in a file that a column of the table names.
  struct Found: Sendable {
    let column: Int
    let facts: FileFacts
  }

  /// Reads all files of the table, and is empty again.
  ///
  /// - Returns: what was found in each, in the order that they came.
  /// - Throws: ``DataError`` that names line and column of the first file that can't be read.
  mutating func read(_ table: Table) throws(DataError) -> [Found] {
    guard !files.isEmpty else { return [] }
    let encoders = encoders
    // every file has a place of its own
    let places = places
    let facts = try table.read(files) { file, path throws(DataError) in
      let encoder = encoders[file]
      let place = places[file]
      return try encoder.encode(
        path, into: UnsafeMutableBufferPointer(start: place.numbers.pointer, count: place.count))
    }
    let found = zip(files, facts).map { Found(column: $0.column, facts: $1) }
    self = FileQueue()
    return found
  }
}

/// Which files of many are looked at where a sample of them is enough: evenly spaced, at most so many.
func evenly(_ count: Int, atMost most: Int) -> [Int] {
  count <= most ? Array(0..<count) : (0..<most).map { $0 * count / most }
}
