import DescentTensors

/// An activation function as a layer: applied to each element; softmax and its kin to the last axis, as maxout and the
/// gated units, which make it shorter. ``PReLU`` and ``RReLU``, which learn or draw numbers, are layers of their own.
///
/// A number out of its range, such as an alpha of 0 in ``celu(alpha:)``, stops the program with a message at the call.
///
/// - Shapes: input `[...]` → output of the same shape; maxout `[..., k · pieces]` → `[..., k]`; glu and swiGLU
///   `[..., 2 · k]` → `[..., k]`.
public enum Activation: Module, Hashable {
  /// 1 where x ≥ 0, else 0 (Rosenblatt, "The perceptron", 1958). Its gradient is 0 everywhere, so nothing before it
  /// learns by descent.
  case step
  /// slope · x.
  case linear(slope: Double = 1)
  /// 1 / (1 + e⁻ˣ).
  case sigmoid
  /// tanh x.
  case tanh
  /// max(0, x); NaN stays NaN, and the gradient at 0 is 0. PyTorch: `relu`.
  case relu
  /// x where x > 0, else slope · x (Maas and others, "Rectifier nonlinearities improve neural network acoustic models",
  /// 2013). PyTorch: `leaky_relu`.
  case leakyReLU(slope: Double = 0.01)
  /// x where x > 0, else alpha · (eˣ − 1) (Clevert and others, "Fast and accurate deep network learning by exponential
  /// linear units", 2015). PyTorch: `elu`.
  case elu(alpha: Double = 1)
  /// eˣ / Σ eˣ over the last axis.
  case softmax
  /// The greatest of each run of `pieces` neighbours on the last axis; equal ones share the gradient (Goodfellow and
  /// others, "Maxout networks", 2013).
  case maxout(pieces: Int)

  // MARK: Of bounded range

  /// x/6 + ½, held to [0, 1]. PyTorch: `hardsigmoid`.
  case hardSigmoid
  /// ln σ(x) = −ln(1 + e⁻ˣ). PyTorch: `logsigmoid`.
  case logSigmoid
  /// x held to [from, to], where its gradient is 0 at both ends. PyTorch: `hardtanh`.
  case hardTanh(from: Double = -1, to: Double = 1)
  /// x / (1 + |x|). PyTorch: `softsign`.
  case softsign

  // MARK: Rectified

  /// ln(1 + e^(beta · x)) / beta, beta > 0. PyTorch: `softplus`, which takes x itself beyond 20 / beta.
  case softplus(beta: Double = 1)
  /// x held to [0, 6] (Krizhevsky, "Convolutional deep belief networks on CIFAR-10", 2010). PyTorch: `relu6`.
  case relu6
  /// x where x > threshold, else 0 (Konda and others, "Zero-bias autoencoders and the benefits of co-adapting features",
  /// 2014). PyTorch: `threshold(x, threshold, 0)`; the usual threshold is that of Keras's `ThresholdedReLU`.
  case thresholdedReLU(threshold: Double = 1)
  /// x where x > 0, else alpha · (e^(x/alpha) − 1), alpha > 0 (Barron, "Continuously differentiable exponential linear
  /// units", 2017). PyTorch: `celu`.
  case celu(alpha: Double = 1)
  /// 1.0507 · x where x > 0, else 1.0507 · 1.6733 · (eˣ − 1), which keeps mean 0 and variance 1 (Klambauer and others,
  /// "Self-normalizing neural networks", 2017). PyTorch: `selu`.
  case selu
  /// x · Φ(x), Φ the normal distribution (Hendrycks and Gimpel, "Gaussian error linear units", 2016). PyTorch: `gelu`.
  case gelu
  /// ½ · x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))), which is close to ``gelu``. PyTorch:
  /// `gelu(x, approximate="tanh")`.
  case geluTanh
  /// x · σ(x), also named Swish (Elfwing and others, "Sigmoid-weighted linear units", 2017). PyTorch: `silu`.
  case silu
  /// x · (x + 3) / 6 where |x| < 3, 0 below and x above (Howard and others, "Searching for MobileNetV3", 2019).
  /// PyTorch: `hardswish`.
  case hardSiLU
  /// x · tanh(ln(1 + eˣ)) (Misra, "Mish: a self regularized non-monotonic activation function", 2019). PyTorch: `mish`.
  case mish
  /// (x + √(x² + b)) / 2, b > 0 (Barron, "Squareplus: a softplus-like algebraic rectifier", 2021). Keras: `squareplus`.
  case squareplus(b: Double = 4)

  // MARK: Gated

  /// a · σ(g), a the first half of the last axis and g the second (Dauphin and others, "Language modeling with gated
  /// convolutional networks", 2016). PyTorch: `glu`.
  case glu
  /// g · σ(g) · a, g the first half of the last axis and a the second (Shazeer, "GLU variants improve Transformer",
  /// 2020). PyTorch: `silu(g) * a` with `g, a = x.chunk(2, -1)`.
  case swiGLU

  // MARK: Over the last axis

  /// e⁻ˣ / Σ e⁻ˣ over the last axis. PyTorch: `softmin`.
  case softmin
  /// x − ln Σ eˣ over the last axis. PyTorch: `log_softmax`.
  case logSoftmax
  /// The point of the simplex nearest to x over the last axis: max(0, x − τ), τ such that the sum is 1 (Martins and
  /// Astudillo, "From softmax to sparsemax", 2016). Keras: `sparsemax`.
  case sparsemax

  // MARK: Shrinking

  /// x where |x| > threshold, else 0. PyTorch: `hardshrink`.
  case hardShrink(threshold: Double = 0.5)
  /// x moved towards 0 by the threshold, and 0 where |x| is no greater. PyTorch: `softshrink`.
  case softShrink(threshold: Double = 0.5)
  /// x − tanh x. PyTorch: `tanhshrink`.
  case tanhShrink

  // MARK: Others

  /// eˣ, infinite where that does not fit the element type. PyTorch: `exp`.
  case exponential
  /// sin x (Sitzmann and others, "Implicit neural representations with periodic activation functions", 2020).
  /// PyTorch: `sin`.
  case sine
}
