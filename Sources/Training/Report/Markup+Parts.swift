// What a page is put together from.

extension Markup {
  /// A table that scrolls inside itself where it is wider than the page.
  static func table(caption: String, head: Markup, rows: [Markup], style: Markup = "") -> Markup {
    """
    <div class="scroll \(style)" tabindex="0" role="group" aria-label="\(caption)"><table><caption>\(caption)</caption>\
    <thead>\(head)</thead><tbody>\(rows)</tbody></table></div>
    """
  }

  /// A drawing with its caption above and what its lines mean below.
  static func chart(
    caption: String, _ drawing: Markup, keys: [(style: Plot.Style, name: String)] = [], note: String = ""
  ) -> Markup {
    let entries: [Markup] = keys.map { "<li>\($0.style.name)<bdi>\($0.name.shortened(to: 60))</bdi></li>" }
    let list: Markup? = keys.isEmpty ? nil : "<ul class=\"keys\">\(entries)</ul>"
    let below: Markup? = note.isEmpty ? nil : "<p class=\"small\">\(note)</p>"
    return "<figure><figcaption>\(caption)</figcaption>\(drawing)\(list)\(below)</figure>"
  }

  /// An SVG element that says in words what it shows.
  static func drawing(width: Double, height: Double, title: String, description: String, _ body: Markup) -> Markup {
    """
    <svg role="img" aria-label="\(title): \(description)" viewBox="0 0 \(at: width) \(at: height)"><title>\(title)</title><desc>\(description)</desc>\(body)</svg>
    """
  }
}
