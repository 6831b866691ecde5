import Testing
@testable import DescentTensors

@Test func elementTypesHaveSizes() {}
