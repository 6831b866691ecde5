/// What a step does with one sample.
protocol AugmentationRule: Sendable {
  /// How it is written: `crop=24`.
  var word: String { get }
  /// What samples it needs, where a sample of this shape is none of them.
  func objection(for shape: [Int]) -> String?
  /// The shape that it makes of another.
  func outputShape(for shape: [Int]) -> [Int]
  /// Changes a sample, by what the generator draws.
  func apply(to sample: inout AugmentedSample, _ generator: inout SplitMix64)
  /// Gives a sample its shape, where nothing is drawn.
  func centre(_ sample: inout AugmentedSample)
}

extension AugmentationRule {
  func objection(for shape: [Int]) -> String? { nil }
  func outputShape(for shape: [Int]) -> [Int] { shape }
  func centre(_ sample: inout AugmentedSample) {}
}

/// A rule for pictures, `[channels, height, width]` or `[height, width]`.
protocol PictureRule: AugmentationRule {}

extension PictureRule {
  func objection(for shape: [Int]) -> String? {
    2...3 ~= shape.count ? nil : "takes pictures of [channels, height, width] or [height, width]"
  }
}

/// A rule for sound, as a spectrogram or a waveform.
protocol SoundRule: AugmentationRule {}

/// One sample while it is changed.
struct AugmentedSample {
  /// Its numbers, row by row.
  private(set) var values: UnsafeMutableBufferPointer<Float>
  private var others: UnsafeMutableBufferPointer<Float>
  /// Its shape.
  private(set) var shape: [Int] = []

  init(capacity: Int) {
    values = .allocate(capacity: capacity)
    others = .allocate(capacity: capacity)
    values.initialize(repeating: 0)
    others.initialize(repeating: 0)
  }

  func deallocate() {
    values.deallocate()
    others.deallocate()
  }

  /// How many numbers it has.
  var count: Int { shape.reduce(1, *) }
  /// The last axis: a picture's width, a sound's frames.
  var width: Int { shape.last ?? 1 }
  /// The last axis but one: a picture's height, a spectrogram's frequencies.
  var height: Int { shape.count > 1 ? shape[shape.count - 2] : 1 }
  /// How many planes of height and width there are.
  var planes: Int { shape.dropLast(2).reduce(1, *) }

  mutating func load(_ inputs: UnsafeBufferPointer<Float>, at start: Int, shape: [Int]) {
    self.shape = shape
    let count = count
    for index in 0..<count { values[index] = inputs[start + index] }
  }

  func store(into outputs: UnsafeMutableBufferPointer<Float>, at start: Int) {
    for index in 0..<count { outputs[start + index] = values[index] }
  }

  /// Writes the sample anew from what it was, plane by plane.
  ///
  /// - Parameter body: writes a plane of the new height and width from one of the old.
  mutating func rewrite(
    height newHeight: Int, width newWidth: Int,
    _ body: (_ old: UnsafeMutableBufferPointer<Float>, _ new: UnsafeMutableBufferPointer<Float>) -> Void
  ) {
    let (old, new) = (height * width, newHeight * newWidth)
    for plane in 0..<planes {
      body(
        UnsafeMutableBufferPointer(rebasing: values[plane * old..<(plane + 1) * old]),
        UnsafeMutableBufferPointer(rebasing: others[plane * new..<(plane + 1) * new]))
    }
    swap(&values, &others)
    shape = shape.dropLast(2) + (shape.count > 1 ? [newHeight, newWidth] : [newWidth])
  }

  /// Takes the window of every plane whose upper left corner is here; what lies outside the plane is 0.
  mutating func takeWindow(top: Int, left: Int, height newHeight: Int, width newWidth: Int) {
    let (height, width) = (height, width)
    rewrite(height: newHeight, width: newWidth) { old, new in
      for y in 0..<newHeight {
        for x in 0..<newWidth {
          let (row, column) = (y + top, x + left)
          let isInside = row >= 0 && row < height && column >= 0 && column < width
          new[y * newWidth + x] = isInside ? old[row * width + column] : 0
        }
      }
    }
  }

  /// Sets a rectangle of every plane to 0, as far as it lies inside.
  func erase(rows: Range<Int>, columns: Range<Int>) {
    let (rows, columns) = (rows.clamped(to: 0..<height), columns.clamped(to: 0..<width))
    for plane in 0..<planes {
      for row in rows {
        for column in columns { values[(plane * height + row) * width + column] = 0 }
      }
    }
  }
}
