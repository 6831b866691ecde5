/// How much is unpacked from how little: a file of a few megabytes may be made so that it unpacks to as many gigabytes.
///
/// Every reader that unpacks asks it: gzip files, streamed or whole, zip archives, pictures.
package struct UnpackingLimit: Sendable {
  /// Unpacked bytes that nobody asks about.
  package var unwatched = 1 << 28
  /// Beyond those, the most unpacked bytes for each packed one. Deflate reaches 1032 with a single byte repeated; tables
  /// of nearly nothing but zeros stay below 100.
  package var ratio = 256

  /// What holds for users.
  package init() {}

  /// Asks about `count` bytes that are, or will be, unpacked from `packed`.
  ///
  /// - Parameter advice: what to do instead, as a sentence.
  /// - Throws: ``DataError/Kind/invalid`` where no honest file is packed so small.
  func check(_ count: Int, from packed: Int, place: String, advice: String) throws(DataError) {
    guard count > unwatched, count / ratio > packed else { return }
    throw .invalid(
      place,
      "unpacks to \(count >> 20) MiB or more from \(packed >> 10) KiB; honest data are not packed so small, and it is not "
        + "unpacked further. \(advice)")
  }
}
