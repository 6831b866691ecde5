/// The text of the data sets that the binary carries, one file each.
///
/// They are string literals, because the compiler reads those in no time and they lie in the binary as they
/// are; an array literal of so many numbers takes it minutes.
enum EmbeddedData {}
