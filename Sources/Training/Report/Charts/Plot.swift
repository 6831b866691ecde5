/// A drawing with two axes, as SVG: the one place where numbers become coordinates.
///
/// All drawings have the width of a phone, so that they never shrink below what can be read; wide pages put them side by
/// side. Colours are classes of the page's style: they change with its theme.
struct Plot: Sendable {
  /// How a line or points look: the place in the page's colours, and whether the line is broken. Lines differ in both, so
  /// that they can be told apart without colours.
  struct Style: Sendable {
    let colour: Int
    let dashes: Int

    static let first = Style(colour: 0, dashes: 0)
    static let second = Style(colour: 1, dashes: 1)

    /// The look of one of many lines.
    static func number(_ place: Int) -> Style { Style(colour: place % 5, dashes: place / 5) }

    var line: Markup { "line c\(colour) d\(dashes)" }
    var name: Markup { "<span class=\"key c\(colour) d\(dashes)\"></span>" }
  }

  static let width = 360.0
  private static let margin = (left: 52.0, right: 14.0, top: 22.0, bottom: 44.0)

  let x, y: Axis
  private let height: Double
  private var body: Markup = ""

  /// An empty drawing.
  init(x: Axis, y: Axis, xLabel: String, yLabel: String, height: Double = 270) {
    (self.x, self.y, self.height) = (x, y, height)
    let (bottom, right) = (height - Self.margin.bottom, Self.width - Self.margin.right)
    for tick in y.ticks {
      let place = self.y(tick.value)
      body +=
        "<line class=\"grid\" x1=\"\(at: Self.margin.left)\" x2=\"\(at: right)\" y1=\"\(at: place)\" y2=\"\(at: place)\"/>"
      body += text(tick.label, x: Self.margin.left - 6, y: place + 4, anchor: "end")
    }
    for tick in x.ticks {
      let place = self.x(tick.value)
      body +=
        "<line class=\"axis\" x1=\"\(at: place)\" x2=\"\(at: place)\" y1=\"\(at: bottom)\" y2=\"\(at: bottom + 4)\"/>"
      body += text(tick.label, x: place, y: bottom + 17, anchor: "middle")
    }
    body +=
      "<line class=\"axis\" x1=\"\(at: Self.margin.left)\" x2=\"\(at: right)\" y1=\"\(at: bottom)\" y2=\"\(at: bottom)\"/>"
    body += text(xLabel, x: (Self.margin.left + right) / 2, y: height - 8, anchor: "middle", style: "label")
    let middle = (Self.margin.top + bottom) / 2
    body +=
      "<text class=\"label\" text-anchor=\"middle\" transform=\"translate(12 \(at: middle)) rotate(-90)\">\(yLabel)</text>"
  }

  // MARK: What is drawn

  /// A line through points.
  mutating func line(_ points: [(x: Double, y: Double)], _ style: Style) {
    guard !points.isEmpty else { return }
    body += "<polyline class=\"\(style.line)\" points=\"\(path(points))\"/>"
  }

  /// A thin line for comparison.
  mutating func guide(_ points: [(x: Double, y: Double)]) {
    body += "<polyline class=\"guide\" points=\"\(path(points))\"/>"
  }

  /// A dot for each of many points, which may lie on each other.
  mutating func dots(_ points: [(x: Double, y: Double)], _ style: Style, radius: Double) {
    circles(points, style, radius, "dots")
  }

  /// A mark on a line for each point.
  mutating func marks(_ points: [(x: Double, y: Double)], _ style: Style) { circles(points, style, 3.5, "marks") }

  private mutating func circles(_ points: [(x: Double, y: Double)], _ style: Style, _ radius: Double, _ kind: Markup) {
    body += "<g class=\"\(kind) c\(style.colour)\">"
    for point in points { body += "<circle cx=\"\(at: x(point.x))\" cy=\"\(at: y(point.y))\" r=\"\(at: radius)\"/>" }
    body += "</g>"
  }

  /// A bar from the foot of the drawing.
  mutating func bar(_ range: ClosedRange<Double>, height: Double, _ style: Style) {
    let (left, right, top) = (x(range.lowerBound), x(range.upperBound), y(height))
    body += "<rect class=\"bar c\(style.colour)\" x=\"\(at: left + 0.5)\" y=\"\(at: top)\" "
    body += "width=\"\(at: max(right - left - 1, 0.5))\" height=\"\(at: max(y(y.domain.lowerBound) - top, 0))\"/>"
  }

  /// An upright line, with words above it.
  mutating func upright(at value: Double, _ words: String) {
    guide([(value, y.domain.lowerBound), (value, y.domain.upperBound)])
    let place = x.place(value)
    let anchor: Markup = place < 0.3 ? "start" : place > 0.7 ? "end" : "middle"
    body += text(words, x: x(value), y: Self.margin.top - 8, anchor: anchor, style: "label")
  }

  /// The drawing, with what it shows said in words.
  func svg(title: String, description: String) -> Markup {
    .drawing(width: Self.width, height: height, title: title, description: description, body)
  }

  // MARK: Coordinates

  private func x(_ value: Double) -> Double {
    Self.margin.left + x.place(value) * (Self.width - Self.margin.left - Self.margin.right)
  }

  private func y(_ value: Double) -> Double {
    height - Self.margin.bottom - y.place(value) * (height - Self.margin.top - Self.margin.bottom)
  }

  private func path(_ points: [(x: Double, y: Double)]) -> Markup {
    var result: Markup = ""
    for (place, point) in points.enumerated() {
      result += "\(place == 0 ? "" : " ")\(at: x(point.x)),\(at: y(point.y))"
    }
    return result
  }

  private func text(_ words: String, x: Double, y: Double, anchor: Markup, style: Markup = "tick") -> Markup {
    "<text class=\"\(style)\" x=\"\(at: x)\" y=\"\(at: y)\" text-anchor=\"\(anchor)\">\(words)</text>"
  }
}

/// So many of them at the most, evenly spaced, the first and the last among them.
func thinned<Element>(_ elements: [Element], to most: Int) -> [Element] {
  guard elements.count > most, most > 1 else { return elements }
  return (0..<most).map { elements[$0 * (elements.count - 1) / (most - 1)] }
}
