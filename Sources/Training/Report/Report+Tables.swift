import DescentDatasets
import DescentNetworks

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Report {
  /// The most fields of a row that are shown.
  private static let mostFields = 30

  var mistakesTable: Markup? {
    guard !mistakes.isEmpty else { return nil }
    let hasPictures = mistakes.contains { $0.picture != nil }
    let isSure = mistakes.contains { $0.certainty != nil }
    let fieldNames = mistakeFieldNames.prefix(Self.mostFields)
    let heads: [Markup] =
      [head("row"), hasPictures ? head("picture", " class=\"text\"") : nil, head("true", " class=\"text\"")]
      .compactMap { $0 } + [head("predicted", " class=\"text\""), head(isSure ? "how sure" : "error")]
      + fieldNames.map { head($0.shortened(to: 60), " class=\"text\" dir=\"auto\"") }
    let rows: [Markup] = mistakes.map { mistake in
      let number: String =
        mistake.certainty.map { NumberText.percent($0) } ?? mistake.error.map { signed($0) } ?? "–"
      let fields: [Markup] = mistake.fields.prefix(fieldNames.count).map {
        "<td class=\"text\" dir=\"auto\">\($0.shortened(to: 120))</td>"
      }
      return """
        <tr><th scope="row">\(NumberText.count(mistake.row))</th>\(hasPictures ? picture(mistake) : nil)\
        <td class="text" dir="auto">\(mistake.truth.shortened(to: 60))</td>\
        <td class="text" dir="auto">\(mistake.prediction.shortened(to: 60))</td><td>\(number)</td>\(fields)</tr>
        """
    }
    let limited = mistakeFieldNames.count > fieldNames.count ? " The first \(fieldNames.count) fields are shown." : ""
    let caption =
      isSure
      ? "The rows whose true class was held for least likely. Rows count from 1."
      : "The rows whose prediction is furthest off. Rows count from 1."
    return .table(caption: caption + limited, head: "<tr>\(heads)</tr>", rows: rows, style: "mistakes")
  }

  private func picture(_ mistake: Mistake) -> Markup {
    guard let bytes = mistake.picture else { return "<td>–</td>" }
    let address = "data:image/png;base64," + Data(bytes).base64EncodedString()
    return "<td><img alt=\"row \(mistake.row), \(mistake.truth.shortened(to: 60))\" src=\"\(address)\"/></td>"
  }

  private func head(_ words: String, _ attributes: Markup = "") -> Markup {
    "<th scope=\"col\"\(attributes)>\(words)</th>"
  }

  private func signed(_ number: Double) -> String { (number > 0 ? "+" : "") + NumberText.plain(number) }

  var columnsTable: Markup? {
    guard !columns.isEmpty else { return nil }
    let rows: [Markup] = columns.prefix(Self.mostRows).map { column in
      let distinct =
        switch column.distinct {
        case .exactly(let count): NumberText.count(count)
        case .moreThan(let limit): "over \(NumberText.count(limit))"
        }
      return """
        <tr><th scope="row" dir="auto">\(column.name.shortened(to: 100))</th><td class="text">\(column.type)</td>\
        <td>\(NumberText.count(column.missing))</td><td>\(distinct)</td>\
        <td class="text" dir="auto">\(column.range.shortened(to: 100))</td>\
        <td class="text" dir="auto">\(column.use.shortened(to: 300))</td></tr>
        """
    }
    return .table(
      caption: caption(of: columns.count, "column"),
      head: """
        <tr><th scope="col">name</th><th scope="col" class="text">type</th><th scope="col">missing</th><th scope="col">distinct</th>\
        <th scope="col" class="text">range</th><th scope="col" class="text">what is done with it</th></tr>
        """, rows: rows)
  }

  var networkTable: Markup? {
    guard let network else { return nil }
    let rows: [Markup] = network.rows.prefix(Self.mostRows).map { row in
      """
      <tr><th scope="row">\(row.name)</th><td class="text">\(row.kind)</td><td>\(shape(row.outputShape))</td>\
      <td>\(NumberText.count(row.parameterCount))</td></tr>
      """
    }
    let whole =
      "\(shape(network.input)) in, \(shape(network.output)) out, "
      + "\(NumberText.count(network.parameterCount, "parameter")). "
    return .table(
      caption: whole + caption(of: network.rows.count, "layer"),
      head: """
        <tr><th scope="col">name</th><th scope="col" class="text">layer</th><th scope="col">output</th>\
        <th scope="col">parameters</th></tr>
        """, rows: rows)
  }

  var settingsTable: Markup? {
    guard !settings.isEmpty else { return nil }
    let rows: [Markup] = settings.map {
      "<tr><th scope=\"row\" dir=\"auto\">\($0.name)</th><td class=\"text\" dir=\"auto\">\($0.value.shortened(to: 300))</td></tr>"
    }
    return .table(
      caption: "The choices of the run",
      head: "<tr><th scope=\"col\">setting</th><th scope=\"col\" class=\"text\">value</th></tr>",
      rows: rows)
  }

  private func caption(of count: Int, _ noun: String) -> String {
    let limited = count > Self.mostRows ? "; the first \(Self.mostRows) are shown" : ""
    return NumberText.count(count, noun) + limited + "."
  }

  private func shape(_ shape: [Int]) -> String {
    shape.isEmpty ? "1" : shape.map { NumberText.count($0) }.joined(separator: " × ")
  }
}
