import Testing
@testable import DescentFormats

@Test func elementTypesHaveSizes() {}
