import ArgumentParser
import Descent

/// `descent train`.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a network on data and saves it.",
    discussion: """
      The target of a table is classes where its column holds text, or at most 20 different whole numbers; otherwise it \
      is a quantity; texts that are nearly all numbers, or of which hardly one comes twice, are refused unless --task says \
      what they are. What the other columns are is read from their values, printed, and can be said by --column: numbers \
      are standardised, categories become one input a value or an embedding, dates their cycles, and names of rows are \
      left out. A fifth of the rows is kept to test on, within each class; all is fitted on the training part only and \
      stored with the model. Layers, batches, epochs and the learning rate are chosen by the table where they are not \
      given, and the network is compared with a constant answer and a linear model. Short texts are read by a recurrent \
      network, longer ones by a convolution.

      A folder of pictures (PNG, JPEG) or recordings (WAV) has a folder for each class; folders train and test or \
      validation around those name the parts. Pictures are brought to the commonest size, recordings to log-mel \
      spectrograms of 16 kHz or, by --sound waveform, to waveforms, and a convolutional network is chosen. A folder of \
      texts (.txt) has a file for each class, with a text a line, or a folder for each class, with a text a file; it \
      becomes a table.

      A table's column of paths to pictures or recordings, from the table's own folder, becomes what they hold, and is \
      looked at by convolutions beside the other columns.

      NumPy's arrays are data too. An archive (.npz) holds x_train and y_train, with x_test and y_test where there is a \
      test part, or x and y (data or features, and target); whole numbers in y are classes where at most 20 differ, and \
      bytes of [count, height, width], with 1 or 3 colours behind or before these, are pictures, other numbers of \
      [count, steps, features] sequences, which a recurrent network reads. A single array (.npy) of \
      [rows, columns] is a table whose columns are called column 1, column 2 and so on.

      Built-in data and IDX folders bring their own target and mostly a test part, which the network does not see before \
      its training has ended; of other arrays a share is kept to test on. Their features are standardised, pictures by one map for all pixels.

      A quantity to predict is standardised too: its loss is that of standardised values (but for \
      mean-absolute-percentage and mean-squared-logarithmic); RMSE and MAE are in its own unit.

      The model file holds the last epoch's weights, with early stopping the best epoch's, and with --refit those of \
      another training with the watching rows, where these fit all the rows better.

      Examples:
        descent train digits
        descent train houses.csv --target price
        descent train houses.csv --target price --column zip=category --column id=leave-out --folds 5
        descent train photos
        descent train spiral:size=1000,noise=0.1 --layers 32,32 --seed 1
        descent train /data/fashion-mnist --network lenet.yaml --schedule one-cycle --learning-rate 0.01
      """)

  @Argument(
    help: """
      A built-in name ('descent datasets' lists them), a table (separated by commas, tabs, semicolons or \
      bars; gzipped or not), NumPy's arrays (.npz, .npy), or a folder of IDX files, pictures, recordings or texts.
      """)
  var data: String

  @OptionGroup var tables: TableArguments

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Cross-validation: train so many networks, each tested on the part that it did not see; then one on all rows.",
      valueName: "n"))
  var folds: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Units of the hidden layers, or none. (default: 64,32 of built-in data; else by the data, convolutional for pictures)",
      valueName: "n,n,..."))
  var layers: LayerSizes?

  @Option(
    help: .name(
      "What follows each hidden layer: \(Activation.all.map(\.name).joined(separator: ", ")). (default: relu)"))
  var activation: String?

  @Option(
    help: .name(
      "What reads a table's texts: \(TextLayers.allCases.map(\.rawValue).joined(separator: ", ")). "
        + "(default: recurrent up to 32 pieces)"))
  var textNetwork: TextLayers?

  @Option(
    help: .path(
      """
      A network file, YAML or JSON, in place of --layers, --activation and --dropout; 'descent layers' says what may \
      stand in it.
      """))
  var network: String?

  @Option(
    help: .name(
      """
      auto (cross-entropy for classes, mean-squared for a quantity), or one of \
      \(Loss.all.map(\.name).joined(separator: ", ")).
      """))
  var loss = "auto"

  @Option(
    help: .name(
      "\(TrainingSettings.optimizers.map(\.name).joined(separator: ", ")). (default: adam; of rows adamw)"))
  var optimizer: String?

  @Option(
    parsing: .unconditional,
    help: .number(
      "The size of a step, above 0. (default: 0.001 of built-in data, 0.003 of pictures, sounds and sequences, else by a "
        + "range test)"))
  var learningRate: Double?

  @Option(
    help: .name(
      "How the learning rate changes: \(TrainingSettings.schedules.map(\.name).joined(separator: ", ")). "
        + "The rate given is the greatest. (default: constant of built-in data, else one-cycle)"))
  var schedule: String?

  @Option(parsing: .unconditional, help: .count("Epochs in which the learning rate rises from nothing."))
  var warmUp = TrainingSettings().warmUp

  @Option(
    parsing: .unconditional,
    help: .count("Samples a step. (default: 32 of built-in data, else by how many there are)"))
  var batchSize: Int?

  @Option(
    parsing: .unconditional,
    help: .count(
      "Passes over the training part, at most. (default: 20 of built-in data, else by how many samples there are)"))
  var epochs: Int?

  @Option(
    parsing: .unconditional,
    help: .number("The share of the training part held back to watch the training: 0 or more, below 1."))
  var validation = TrainingSettings().validation

  @Option(
    parsing: .unconditional,
    help: .count(
      "End after so many epochs without a better loss, and keep the best epoch's weights. (default: never of built-in data, else a "
        + "third of the epochs)"))
  var earlyStopping: Int?

  @Option(
    parsing: .unconditional,
    help: .number("End when the training loss changes by less than this from one epoch to the next."))
  var minLossChange: Double?

  @Flag(
    inversion: .prefixedNo,
    help: """
      Train once more in the end, on the rows that watched as well, for all epochs. (default: for small \
      tables and folders, where neither --early-stopping nor --min-loss-change is given)
      """)
  var refit: Bool?

  @Option(parsing: .unconditional, help: .number("The factor of the sum of absolute weights in the loss."))
  var l1 = 0.0

  @Option(
    parsing: .unconditional,
    help: .number(
      "The factor of the sum of squared weights in the loss. (default: 0; of a table's rows 5 divided by how many learn, or where "
        + "it does better a hundredth or a tenth, of up to 5,000 rows, or ten times as much, of 800 to 10,000)"))
  var l2: Double?

  @Option(
    parsing: .unconditional,
    help: .number(
      "The standard deviation of the noise that weights (not biases) have while a step's gradient is taken; 0.05 is "
        + "much."))
  var weightNoise = 0.0

  @Option(
    parsing: .unconditional,
    help: .number(
      "The share of hidden units dropped in a step: 0 or more, below 1. (default: 0 of built-in data, else by how many samples there are)"
    ))
  var dropout: Double?

  @Option(
    help: ArgumentHelp(
      "What is done to samples at random in training: "
        + Augmentation.known.map { "\($0.example) (\($0.meaning))" }.joined(separator: ", ") + ".",
      valueName: "step,step,..."))
  var augment: String?

  @Option(
    help: ArgumentHelp(
      "What a sample's numbers go through before the first layer: \(InputSteps.words).", valueName: "step,step,..."))
  var inputs: String?

  @Option(
    help: ArgumentHelp(
      "How much each class counts in training: balanced, or names and weights such as no=1,yes=5.",
      valueName: "weights"))
  var classWeights: String?

  @Option(
    help: .name(
      """
      Where classes differ in size: 'over' learns rows of the smaller ones several times an epoch, 'under' leaves rows of \
      the greater ones out.
      """))
  var sampling: ClassSampling?

  @Option(
    help: .name(
      """
      What products are computed in; bfloat16 keeps intermediate values in half the memory. Weights and the model file \
      are float32 in any case.
      """))
  var precision = TrainingSettings().precision

  @Option(parsing: .unconditional, help: .count("What all random numbers follow from."))
  var seed: UInt64 = 0

  @OptionGroup var machine: MachineOptions

  @Option(help: .path("Where the model is saved."))
  var output = "model.safetensors"

  @Option(help: .path("Where a line of JSON is written for every epoch, and a last one for the result."))
  var metrics: String?

  @Option(
    help: .path(
      """
      Where a page is written that shows the run: curves, confusion, calibration, what each column is worth, the worst \
      mistakes. One file of HTML that needs nothing else.
      """))
  var report: String?

  @Flag(help: "Print nothing on standard output.")
  var quiet = false

  func run() throws {
    try checkOptions()
    machine.apply()
    let input = try TrainingInput(data, tables, validation: validation, seed: seed)
    StandardOutput.outliveItsReader()
    say(input.heading)
    let samples = try input.samples(testShare: folds == nil ? nil : 0)
    say(samples.treatments)
    let plan = try checkedPlan(for: samples.samples)
    let crossValidation = try folds.map { try crossValidate(input, $0) }
    try train(samples.samples, plan, folds: crossValidation)
  }
}
