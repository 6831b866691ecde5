import DescentNetworks
import DescentTensors
import Testing

/// Layers against PyTorch's: Tests/References/layers.py writes the numbers.
@Suite struct LayerReferenceTests {
  private let comparison: LayerComparison

  init() throws { comparison = LayerComparison(references: try References("layers"), kind: "layer") }

  @Test func everyLayerHasAReferenceAndEveryReferenceALayer() { comparison.expectSameCases(LayerCase.all) }

  @Test(arguments: LayerCase.all)
  func outputsGradientsAndStatesArePyTorchs(row: LayerCase) throws { try comparison.expectSameNumbers(row) }

  @Test(arguments: LayerCase.all)
  func compiledLayersAreTheSame(row: LayerCase) throws { try comparison.expectSameCompiled(row) }

  @Test(arguments: LayerCase.all)
  func gradientsAreRightInDoublePrecision(row: LayerCase) throws {
    // the padding's row of an embedding has a slope that is not followed
    try comparison.expectRightGradients(row, skipped: row.name == "embedding/padding")
  }
}
