// A convolution is bilinear in its input and its weights, and so are its two gradients: three operations, each of which is
// made of the same three numbers per multiply-add, and whose gradients are the two others. They are operations and not
// products of unfolded windows in the graph, because unfolded windows are as many times larger than the input as a kernel
// has elements: a fast kernel unfolds one sample at a time, which stays in the cache until it is multiplied.

/// Where the kernels of a convolution lie, and which channels see which.
package struct ConvolutionForm: Sendable, Hashable {
  package let windows: Windows
  /// Into how many groups inputs and outputs are divided.
  package let groups: Int

  var words: [Int] { windows.words + [groups] }
  /// Elements of a kernel.
  var kernel: Int { Shape(windows.kernel).elementCount }
  /// Places of a kernel.
  var count: Int { Shape(windows.counts).elementCount }

  /// Whether a shape is [batch, groups · n] and these extents.
  private func takes(_ shape: Shape, _ extents: [Int]) -> Bool {
    shape.count == extents.count + 2 && Array(shape.dropFirst(2)) == extents && shape[1] % groups == 0
  }

  /// Throws unless x, y and w are [batch, inputs, extents...], [batch, outputs, counts...] and [outputs, inputs / groups,
  /// kernel...].
  func check(x: Signature, y: Signature, w: Signature) throws(ShapeError) {
    guard x.type == y.type, x.type == w.type else { throw ShapeError("element types differ; cast one with cast(to:)") }
    guard x.type != .bool else { throw ShapeError("is not defined on bool; use cast(to:)") }
    guard takes(x.shape, windows.extents), takes(y.shape, windows.counts), x.shape[0] == y.shape[0],
      w.shape == [y.shape[1], x.shape[1] / groups] + windows.kernel
    else {
      throw ShapeError(
        "windows of \(windows.kernel) over \(windows.extents), \(windows.counts) of them, in \(groups) groups do not join "
          + "[batch, inputs, extents] \(x.shape), [batch, outputs, counts] \(y.shape) and [outputs, inputs / groups, "
          + "kernel] \(w.shape)")
    }
  }

  // MARK: Definitions, by unfolding and products

  /// Numbers for as long as a definition runs.
  private func withMemory(_ shape: Shape, _ type: ElementType, _ body: (Elements) -> Void) {
    let signature = Signature(shape, type)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: max(signature.byteCount, 1), alignment: 64)
    defer { memory.deallocate() }
    body(Elements(signature: signature, address: memory))
  }

  private func view(_ elements: Elements, _ shape: Shape) -> Elements {
    Elements(signature: Signature(shape, elements.type), address: elements.address)
  }

  /// x, y and w as the products take them: [batch, groups, inputs · kernel, windows] is what x is unfolded to.
  private func shapes(_ x: Shape, _ y: Shape) -> (columns: Shape, y: Shape, w: Shape) {
    let (inner, outputs) = (x[1] / groups * kernel, y[1] / groups)
    return ([x[0], groups, inner, count], [x[0], groups, outputs, count], [groups, outputs, inner])
  }

  func defineOutput(_ y: Elements, x: Elements, w: Elements) {
    let shapes = shapes(x.shape, y.shape)
    withMemory([x.shape[0], x.shape[1], kernel, count], x.type) { columns in
      Unfold(windows: windows).define(columns, from: [x])
      Product(transposesLeft: false, transposesRight: false)
        .define(view(y, shapes.y), from: [view(w, shapes.w), view(columns, shapes.columns)])
    }
  }

  func defineInput(_ x: Elements, y: Elements, w: Elements) {
    let shapes = shapes(x.shape, y.shape)
    withMemory([x.shape[0], x.shape[1], kernel, count], x.type) { columns in
      Product(transposesLeft: true, transposesRight: false)
        .define(view(columns, shapes.columns), from: [view(w, shapes.w), view(y, shapes.y)])
      Fold(windows: windows).define(x, from: [columns])
    }
  }

  func defineWeights(_ w: Elements, x: Elements, y: Elements) {
    let shapes = shapes(x.shape, y.shape)
    withMemory([x.shape[0], x.shape[1], kernel, count], x.type) { columns in
      Unfold(windows: windows).define(columns, from: [x])
      withMemory([x.shape[0]] + shapes.w, x.type) { all in
        Product(transposesLeft: false, transposesRight: true)
          .define(all, from: [view(y, shapes.y), view(columns, shapes.columns)])
        Reduction(kind: .sum, axes: [0], keepsAxes: false).define(view(w, shapes.w), from: [all])
      }
    }
  }
}

/// y[b, o] = Σ over the group's channels and the kernel's elements of w · x: inputs x and w.
package struct Convolve: Operation {
  package let form: ConvolutionForm

  package var name: String { "convolution" }
  package var attributes: [Int] { form.words }

  package func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    let (x, w) = (inputs[0], inputs[1])
    let y = Signature(x.shape.prefix(1) + w.shape.prefix(1) + form.windows.counts, x.type)
    try form.check(x: x, y: y, w: w)
    return y
  }

  package func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    [
      .applying(ConvolveToInput(form: form), to: [resultGradient, inputs[1]]),
      .applying(ConvolveToWeights(form: form), to: [inputs[0], resultGradient]),
    ]
  }

  package func define(_ result: Elements, from inputs: [Elements]) {
    form.defineOutput(result, x: inputs[0], w: inputs[1])
  }
}

/// x[b, c] = Σ over what sees each place of w · y, the gradient of a convolution by its input: inputs y and w.
package struct ConvolveToInput: Operation {
  package let form: ConvolutionForm

  package var name: String { "convolutionToInput" }
  package var attributes: [Int] { form.words }

  package func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    let (y, w) = (inputs[0], inputs[1])
    guard w.shape.count > 1 else { throw ShapeError("needs weights [outputs, inputs / groups, kernel...]") }
    let x = Signature(y.shape.prefix(1) + [w.shape[1] * form.groups] + form.windows.extents, y.type)
    try form.check(x: x, y: y, w: w)
    return x
  }

  package func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    [
      .applying(Convolve(form: form), to: [resultGradient, inputs[1]]),
      .applying(ConvolveToWeights(form: form), to: [resultGradient, inputs[0]]),
    ]
  }

  package func define(_ result: Elements, from inputs: [Elements]) {
    form.defineInput(result, y: inputs[0], w: inputs[1])
  }
}

/// w[o, c, k] = Σ over samples and windows of y · x, the gradient of a convolution by its weights: inputs x and y.
package struct ConvolveToWeights: Operation {
  package let form: ConvolutionForm

  package var name: String { "convolutionToWeights" }
  package var attributes: [Int] { form.words }

  package func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    let (x, y) = (inputs[0], inputs[1])
    guard x.shape.count > 1, y.shape.count > 1 else { throw ShapeError("needs [batch, channels, ...] twice") }
    let w = Signature([y.shape[1], x.shape[1] / form.groups] + form.windows.kernel, x.type)
    try form.check(x: x, y: y, w: w)
    return w
  }

  package func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    [
      .applying(ConvolveToInput(form: form), to: [inputs[1], resultGradient]),
      .applying(Convolve(form: form), to: [inputs[0], resultGradient]),
    ]
  }

  package func define(_ result: Elements, from inputs: [Elements]) {
    form.defineWeights(result, x: inputs[0], y: inputs[1])
  }
}
