import CKernels
import Testing

@Test func theBestProcessorIsSelectedAtStart() {
  #expect(descent_processor_selected() == descent_processor_count() - 1)
}
