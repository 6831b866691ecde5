/// Every layer, activation, loss, optimizer, schedule, initializer, penalty, constraint, metric and ready network.
enum ParityTable {
  static let sections =
    layers + [
      activations, losses, optimizers, minimizers, schedules, initializers, penalties, metrics, networks, running,
    ]

  /// Things that have no names but in Swift.
  static let noWords = ParityVocabulary(name: "none") { [] }
}
