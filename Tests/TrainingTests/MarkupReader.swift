/// Reads a page as strictly as XML: every element is closed in its order, every attribute quoted and there once, every `<`
/// and `&` outside of these escaped.
enum MarkupReader {
  struct Element {
    let name: String
    var attributes: [(name: String, value: String)] = []
    /// The names of the elements inside it, in order.
    var children: [String] = []
    /// The points that the drawing elements inside it name.
    var points: [(Double, Double)] = []

    subscript(attribute: String) -> String? { attributes.first { $0.name == attribute }?.value }
  }

  struct Fault: Error, CustomStringConvertible {
    let description: String
  }

  /// Every element of a page, in the order in which they begin.
  static func elements(of page: String) throws -> [Element] {
    var reader = Reader(text: Array(page.unicodeScalars))
    return try reader.elements()
  }

  private struct Reader {
    let text: [Unicode.Scalar]
    var place = 0
    var found: [Element] = []
    /// The places in `found` of those that are open.
    var open: [Int] = []

    mutating func elements() throws -> [Element] {
      try take("<!DOCTYPE html>\n")
      while place < text.count {
        if text[place] == "<" {
          try tag()
        } else {
          if open.isEmpty, text[place] != "\n" { throw fault("text outside of the page") }
          try character()
        }
      }
      guard open.isEmpty, found.first?.name == "html" else { throw fault("an element is not closed") }
      return found
    }

    private mutating func tag() throws {
      place += 1
      if text[place] == "/" {
        place += 1
        let name = try name()
        try take(">")
        guard let last = open.popLast(), found[last].name == name else { throw fault("</\(name)> closes nothing") }
        return
      }
      var element = Element(name: try name())
      while text[place] == " " {
        place += 1
        let attribute = try name()
        try take("=\"")
        let start = place
        while place < text.count, text[place] != "\"" {
          if text[place] == "<" { throw fault("< in an attribute") }
          try character()
        }
        try take("\"")
        if element[attribute] != nil { throw fault("\(attribute) twice") }
        element.attributes.append((attribute, string(start..<place - 1)))
      }
      let isEmpty = text[place] == "/"
      if isEmpty { place += 1 }
      try take(">")
      if let parent = open.last { found[parent].children.append(element.name) }
      for drawing in open where found[drawing].name == "svg" { found[drawing].points += points(of: element) }
      found.append(element)
      if !isEmpty { open.append(found.count - 1) }
    }

    private func points(of element: Element) -> [(Double, Double)] {
      func number(_ attribute: String) -> Double? { element[attribute].flatMap { Double($0) } }
      var points = (element["points"] ?? "").split(separator: " ").map { pair in
        let parts = pair.split(separator: ",").map { Double($0) ?? .nan }
        return (parts[0], parts.count == 2 ? parts[1] : .nan)
      }
      for (x, y) in [("cx", "cy"), ("x1", "y1"), ("x2", "y2"), ("x", "y")] where element[x] != nil {
        points.append((number(x) ?? .nan, number(y) ?? .nan))
      }
      if let x = number("x"), let y = number("y"), let width = number("width"), let height = number("height") {
        points.append((x + width, y + height))
      }
      return points
    }

    private mutating func character() throws {
      guard text[place] == "&" else {
        place += 1
        return
      }
      let start = place
      while place < text.count, text[place] != ";" { place += 1 }
      place += 1
      guard ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"].contains(string(start..<min(place, text.count))) else {
        throw fault("& without an entity")
      }
    }

    private mutating func name() throws -> String {
      let start = place
      while place < text.count,
        text[place].properties.isAlphabetic || "0123456789-:".unicodeScalars.contains(text[place])
      {
        place += 1
      }
      guard place > start else { throw fault("a name is missing") }
      return string(start..<place)
    }

    private mutating func take(_ wanted: String) throws {
      let end = place + wanted.unicodeScalars.count
      guard end <= text.count, string(place..<end) == wanted else { throw fault("\(wanted) is missing") }
      place = end
    }

    private func string(_ range: Range<Int>) -> String {
      var result = String.UnicodeScalarView()
      result.append(contentsOf: text[range])
      return String(result)
    }

    private func fault(_ what: String) -> Fault {
      Fault(description: "\(what), at \(string(max(place - 60, 0)..<min(place + 20, text.count)))")
    }
  }
}
