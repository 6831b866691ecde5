/// Lines of columns that stand under each other, those of `numbers` to the right.
func alignedTable(_ header: [String], _ rows: [[String]], numbers: Set<Int>) -> [String] {
  let lines = [header] + rows
  let widths = header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
  return lines.map { line in
    line.indices.map { column in
      if column == header.count - 1 { return line[column] }
      let blanks = String(repeating: " ", count: widths[column] - line[column].count)
      return numbers.contains(column) ? blanks + line[column] : line[column] + blanks
    }.joined(separator: "  ")
  }
}
