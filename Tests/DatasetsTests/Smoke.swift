import Testing
@testable import DescentDatasets

@Test func elementTypesHaveSizes() {}
