// swift-tools-version: 6.2
import PackageDescription

/// One internal target: its name carries the package's prefix, because target names must be unique
/// in a user's whole package graph; its folder does not.
func layer(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: "Descent\(name)", dependencies: dependencies, path: "Sources/\(name)")
}

/// One of the examples: a program of one file on the public interface.
func example(_ name: String) -> Target {
  .executableTarget(name: "Example\(name)", dependencies: ["Descent"], path: "Examples/\(name)")
}

let examples = [
  "Perceptron", "SigmoidPerceptron", "Staircase", "Logistic", "Rents", "Curve", "Regions", "Digits", "XOR", "Denoising",
  "Characters", "Languages",
].map(example)

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "descent",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Descent", targets: ["Descent"]),
    .executable(name: "descent", targets: ["DescentCommand"]),
    // lies beside the program, which loads it to count allocations, and is linked into nothing
    .library(name: "MallocCounter", type: .dynamic, targets: ["MallocCounter"]),
  ],
  traits: [
    .trait(name: "OneDNN", description: "Matrix products by oneDNN (libdnnl-dev), the field's own kernel library."),
    .trait(name: "Pictures", description: "PNG and JPEG by libpng and libjpeg (libpng-dev, libjpeg-dev)."),
    .default(enabledTraits: ["OneDNN", "Pictures"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
  ],
  targets: [
    .executableTarget(name: "DescentCommand", dependencies: ["Descent", argumentParser]),
    layer("Training", ["DescentNetworks", "DescentDatasets", "DescentFormats"]),
    layer("Networks", ["DescentTensors", .product(name: "Yams", package: "Yams")]),
    layer("Datasets", ["DescentTensors", "DescentFormats", "CKernels"]),
    layer("Formats", ["DescentTensors", .target(name: "CPictures", condition: .when(traits: ["Pictures"]))]),
    layer("Tensors", ["CKernels", .target(name: "COneDNN", condition: .when(traits: ["OneDNN"]))]),
    .target(
      name: "Descent",
      dependencies: [
        "DescentTraining", "DescentNetworks", "DescentDatasets", "DescentFormats", "DescentTensors",
      ]),
    .target(name: "CKernels"),
    .target(name: "MallocCounter"),
    .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"])]),
    .target(
      name: "CPictures",
      dependencies: [
        .target(name: "CPNG", condition: .when(traits: ["Pictures"])),
        .target(name: "CJPEG", condition: .when(traits: ["Pictures"])),
      ],
      cSettings: [.define("DESCENT_PICTURES", .when(traits: ["Pictures"]))]),

    .testTarget(
      name: "TensorsTests", dependencies: ["CKernels", "DescentTensors", "DescentFormats"], exclude: ["References"]),
    .testTarget(name: "FormatsTests", dependencies: ["DescentFormats", "DescentFuzzing"], exclude: ["References"]),
    .testTarget(name: "DatasetsTests", dependencies: ["DescentDatasets"]),
    .testTarget(
      name: "NetworksTests", dependencies: ["DescentNetworks", "DescentFormats"], exclude: ["References"]),
    .testTarget(
      name: "TrainingTests", dependencies: ["DescentTraining", "DescentFormats"], exclude: ["References"]),
    .testTarget(name: "CommandTests", dependencies: ["DescentFormats", "DescentTraining", "DescentCommand"]),
    .testTarget(name: "CKernelsTests", dependencies: ["CKernels", "DescentAccuracy"]),
    .executableTarget(name: "DescentAccuracy", dependencies: ["CKernels"], path: "Tests/Accuracy"),
    .executableTarget(
      name: "DescentFuzzing",
      dependencies: ["DescentFormats", "DescentDatasets", "DescentNetworks", "DescentTraining"], path: "Tests/Fuzzing",
      exclude: ["Corpus"]),
    .testTarget(name: "ExamplesTests", dependencies: examples.map { .target(name: $0.name) }),
  ] + examples,
  swiftLanguageModes: [.v6]
)

// Warnings are errors here; SwiftPM leaves these settings out where the package is another's dependency.
for target in package.targets {
  switch target.type {
  case .regular, .executable, .test:
    if ["CKernels", "CPictures", "MallocCounter"].contains(target.name) {
      target.cSettings = (target.cSettings ?? []) + [.enableWarning("all"), .treatAllWarnings(as: .error)]
    } else {
      target.swiftSettings = (target.swiftSettings ?? []) + [.treatAllWarnings(as: .error)]
    }
  default: break
  }
}
