import DescentDatasets
import DescentNetworks

/// What came of a training run, for a page that can be shown to others: ``html()``.
///
/// All parts but the title are optional; a section appears where there is something to show. The same report gives the
/// same bytes: it holds no date and no durations.
public struct Report: Sendable {
  /// What the page is called.
  public var title: String
  /// What the data are called: a path or a built-in name.
  public var dataName: String
  /// A sentence or two on what was done, below the title.
  public var summary = ""
  /// The command that repeats the run.
  public var command: String?
  /// The network's figures, and those of what it is compared with. The network comes first.
  public var scores: [Scores] = []
  /// How networks of the same kind did on folds of the data.
  public var crossValidation: CrossValidation?
  /// The training run.
  public var history: History?
  /// Predicted and true classes.
  public var classes: ClassResults?
  /// Predicted and true quantities.
  public var quantities: QuantityResults?
  /// What the network relies on.
  public var importance: PermutationImportance?
  /// The worst mistakes, the worst first.
  public var mistakes: [Mistake] = []
  /// What the fields of a mistake are called.
  public var mistakeFieldNames: [String] = []
  /// The data's columns.
  public var columns: [Column] = []
  /// What the network is made of.
  public var network: NetworkSummary?
  /// The choices of the run.
  public var settings: [Setting] = []
  /// What all random numbers follow from.
  public var seed: UInt64?

  /// A report with nothing to show yet.
  public init(title: String, dataName: String) {
    self.title = title
    self.dataName = dataName
  }
}

extension Report {
  /// The figures of one model.
  public struct Scores: Sendable {
    /// What the model is called: `network`, `linear model`.
    public let name: String
    /// Its figures.
    public let figures: [Figure]
    /// Their intervals, where they were drawn.
    public let intervals: BootstrapIntervals?

    /// Figures of a model.
    public init(name: String, figures: [Figure], intervals: BootstrapIntervals? = nil) {
      self.name = name
      self.figures = figures
      self.intervals = intervals
    }

    /// The figures of an evaluation.
    public init(name: String, _ evaluation: Evaluation, intervals: BootstrapIntervals? = nil) {
      self.init(name: name, figures: evaluation.figures.flatMap { $0 }, intervals: intervals)
    }
  }

  /// A column of the data.
  public struct Column: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// Its type: `number`, `category`.
    public let type: String
    /// How many values are missing.
    public let missing: Int
    /// How many different values there are.
    public let distinct: DistinctCount
    /// From where to where its values go; empty where they have no order.
    public let range: String
    /// What is done with it.
    public let use: String

    /// A column of these parts.
    public init(name: String, type: String, missing: Int, distinct: DistinctCount, range: String, use: String) {
      self.name = name
      self.type = type
      self.missing = missing
      self.distinct = distinct
      self.range = range
      self.use = use
    }

    /// A column as its summary says.
    ///
    /// - Parameter use: what is done with it.
    public init(_ summary: ColumnSummary, use: String) {
      let range =
        switch summary.range {
        case .numbers(let range): "\(NumberText.plain(range.lowerBound)) to \(NumberText.plain(range.upperBound))"
        case .dates(let first, let last): "\(first) to \(last)"
        case nil: ""
        }
      self.init(
        name: summary.name, type: summary.kind.rawValue, missing: summary.missing, distinct: summary.distinct,
        range: range, use: use)
    }
  }

  /// A choice of the run.
  public struct Setting: Sendable, Hashable {
    /// What is chosen.
    public let name: String
    /// What was chosen.
    public let value: String

    /// A choice.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// A row that the network is far off on.
  public struct Mistake: Sendable, Hashable {
    /// The row's place among the results that it was found in.
    public let place: Int
    /// The row's number in the data, counted from 1.
    public var row: Int
    /// What is true.
    public let truth: String
    /// What was predicted.
    public let prediction: String
    /// For classes the probability of the predicted one.
    public let certainty: Double?
    /// For quantities the prediction less the truth.
    public let error: Double?
    /// The row's fields, in the order of ``Report/mistakeFieldNames``.
    public var fields: [String] = []
    /// The row's picture: the bytes of a PNG file.
    public var picture: [UInt8]?
  }
}
