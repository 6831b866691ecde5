import DescentFormats

extension Dataset {
  /// Iris: 150 flowers of 3 species by 4 measures in cm. Source: R. A. Fisher, 1936 (UCI).
  static func iris() throws(DataError) -> Dataset { try table("iris", EmbeddedData.iris, target: "species") }

  /// Wine: 178 wines of 3 cultivars by 13 chemical measures. Source: S. Aeberhard and M. Forina (UCI).
  static func wine() throws(DataError) -> Dataset { try table("wine", EmbeddedData.wine, target: "cultivar") }

  /// Breast Cancer Wisconsin (Diagnostic): 569 tumours, malignant (0) or benign (1), by 30 measures of their
  /// cells' nuclei. Source: W. Wolberg, O. Mangasarian, N. Street and W. Street, 1993 (UCI).
  static func breastCancer() throws(DataError) -> Dataset {
    try table(
      "breast-cancer", EmbeddedData.breastCancer, target: "diagnosis", classes: ["malignant", "benign"])
  }

  /// Diabetes: the disease's progression in a year of 442 patients by 10 raw (not scaled) measures: age in
  /// years, sex, body mass index, blood pressure, six of blood serum. Source: B. Efron and others, 2004.
  static func diabetes() throws(DataError) -> Dataset {
    try table("diabetes", EmbeddedData.diabetes, target: "progression")
  }

  /// - Parameter classes: the classes in the order of their labels, where it is not the alphabet's.
  private static func table(
    _ name: String, _ text: StaticString, target: String, classes: [String]? = nil
  ) throws(DataError) -> Dataset {
    let bytes = text.withUTF8Buffer { Array($0) }
    let read = try Dataset(Table(bytes: bytes, place: name), target: target)
    let parts = everyFifth(of: read.count)
    return Dataset(
      name: name, features: read.features, sampleShape: read.sampleShape, featureNames: read.featureNames,
      target: classes.map(read.target.ordered) ?? read.target, targetName: target, taskReason: read.taskReason,
      trainRows: parts.train, testRows: parts.test)
  }
}

extension Dataset.Target {
  /// The same classes under other numbers: those of their places in `names`. Values stay as they are.
  fileprivate func ordered(as names: [String]) -> Dataset.Target {
    guard case .classes(let labels, let old) = self else { return self }
    let places = old.map { name in Int32(names.firstIndex(of: name) ?? 0) }
    return .classes(labels: labels.map { places[Int($0)] }, names: names)
  }
}
