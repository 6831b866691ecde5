import Descent

/// One sample at a time through a network, forward only: the input is copied in, and the output read.
struct InferenceWorkload: Workload {
  let name: String
  let network: DenseNetwork

  func prepared() throws -> Work {
    let image = try pictures(1, .classIndices)[0].inputs.scalars(Float.self)
    let network = network.make()
    let input = Variable(.zeros([1, image.count]))
    var output = [Float](repeating: 0, count: self.network.outputs)
    let forward = compile { _ in [network(input.value)] }
    return Work(
      unit: .microseconds, lap: 64, flops: self.network.forwardFlops(batchSize: 1),
      plan: { (forward.plan(for: []), []) },
      call: {
        input.write(image)
        forward()[0].withScalars(Float.self) { scalars in
          for (place, scalar) in scalars.enumerated() { output[place] = scalar }
        }
        return nil
      })
  }
}
