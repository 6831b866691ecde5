import Foundation
import Testing

/// Results that can't be written, standard output, and training that fails.
@Suite struct OutputTests {
  @Test(arguments: [
    (["--output", "nosuch/model"], ["nosuch/model", "no folder nosuch"]),
    (["--output", "folder"], ["folder", "directory"]),
    (["--output", ""], ["can't be written"]),
    (["--output", "/dev/full"], ["/dev/full", "No space left"]),
    (["--metrics", "nosuch/metrics"], ["nosuch/metrics", "no folder nosuch"]),
    (["--metrics", "/dev/full"], ["/dev/full", "No space left"]),
    (["--metrics", "folder"], ["folder", "directory"]),
  ])
  func trainingDoesNotBegin(options: [String], words: [String]) throws {
    let workshop = try Workshop()
    try FileManager.default.createDirectory(atPath: workshop.path("folder"), withIntermediateDirectories: true)
    // a training of a million epochs: it must not begin
    for extra in [[], ["--quiet"]] {
      let run = try workshop.run(["train", "iris", "--epochs", "1000000"] + options + extra)
      expectFailure(run, 73, words)
    }
  }

  @Test func protectedFileStays() throws {
    let workshop = try Workshop()
    try workshop.write("mine".utf8, to: "model")
    try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: workshop.path("model"))
    guard !FileManager.default.isWritableFile(atPath: workshop.path("model")) else { return }
    expectFailure(try workshop.run("train iris --epochs 1000000 --output model"), 73, ["model", "denied"])
    #expect(try workshop.lines("model") == ["mine"])
  }

  @Test(arguments: ["nosuch/p.csv", "/dev/full", "/"])
  func predictionsThatCannotBeWritten(output: String) throws {
    let workshop = try Workshop()
    try workshop.succeed("train xor --layers 2 --epochs 1 --quiet")
    expectFailure(try workshop.run("predict model.safetensors xor --output \(output)"), 73, [output])
  }

  /// A pipe for the metrics holds the program up when it has looked at its output's place and training begins.
  private func trainOnPipe(_ workshop: Workshop, reader: String) throws -> Int32 {
    try FileManager.default.createDirectory(atPath: workshop.path("folder"), withIntermediateDirectories: true)
    // the shell's own 'wait' would need signals that a dispatch thread's children have blocked
    return try workshop.shell(
      """
      mkfifo pipe
      { exec 4< pipe; \(reader); } &
      "$0" train xor --layers 2 --epochs 1000 --quiet --output folder/model --metrics pipe 2> errors
      code=$?
      : 1<> pipe # lets a reader go that still waits
      exit $code
      """)
  }

  @Test func networkIsSavedElsewhereWhereItsPlaceIsLost() throws {
    let workshop = try Workshop()
    #expect(try trainOnPipe(workshop, reader: "rmdir folder; cat <&4 > lines") == 73)
    let error = try #require(workshop.lines("errors").first)
    #expect(error.contains("folder/model") && error.contains("saved to") && error.contains("instead"))
    let refuge = try #require(error.split(separator: " ").first { $0.hasSuffix(".safetensors") })
    #expect(refuge.hasPrefix(workshop.folder.path))
    try workshop.succeed("evaluate \(refuge) xor")
  }

  @Test func metricsThatAreLostEndNoTraining() throws {
    let workshop = try Workshop()
    #expect(try trainOnPipe(workshop, reader: "exec 4<&-") == 73)
    let errors = try workshop.lines("errors")
    #expect(errors.count == 1 && errors[0].contains("pipe: can't be written"))
    try workshop.succeed("evaluate folder/model xor")
  }

  @Test func quietSaysNothing() throws {
    let run = try Workshop().run("train xor --layers 2 --epochs 3 --quiet --metrics m.jsonl --early-stopping 1")
    #expect(run.code == 0 && run.output.isEmpty && run.errors.isEmpty)
  }

  @Test func linesWithoutTerminal() throws {
    let text = try Workshop().succeed("train iris --epochs 2").output
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines[0] == "data: iris, 150 samples of 4 numbers: 96 to train, 24 to validate, 30 to test")
    #expect(lines[1].hasPrefix("task: classification into 3 classes ("))
    #expect(lines.filter { $0.hasPrefix("epoch ") }.count == 2)
    #expect(!text.contains("\r") && !text.contains("\u{1B}"))
    for word in ["loss", "accuracy", "validation loss", "samples/s", "left"] { #expect(lines[3].contains(word)) }
    #expect(lines.last == "saved to model.safetensors")
  }

  @Test func resultOnStandardOutputHasItForItself() throws {
    let workshop = try Workshop()
    let options = "--layers 2 --epochs 2"
    try workshop.succeed("train xor \(options)")
    let predictions = try workshop.succeed("predict model.safetensors xor --output /dev/stdout").output
    #expect(predictions.split(separator: "\n").count == 5 && predictions.hasPrefix("prediction\n"))
    let metrics = try workshop.succeed("train xor \(options) --metrics /dev/stdout").output
    #expect(
      metrics.split(separator: "\n").count == 3 && metrics.split(separator: "\n").allSatisfy { $0.hasPrefix("{") })
    try workshop.shell("\"$0\" train xor \(options) --output /dev/stdout > copy")
    #expect(try workshop.bytes("copy") == workshop.bytes("model.safetensors"))
  }

  @Test func readerThatLeavesEndsNoTraining() throws {
    let workshop = try Workshop()
    try workshop.shell("\"$0\" train xor --layers 2 --epochs 300 | head -1 > first")
    #expect(try workshop.lines("first").count == 1)
    try workshop.succeed("evaluate model.safetensors xor")
  }

  /// What becomes of the columns is seen through a pipe while the training still runs.
  @Test func columnsAreSeenBeforeTheTraining() throws {
    let workshop = try Workshop()
    try workshop.write(lines: ["x,y"] + (0..<4000).map { "\($0 % 97),\($0 % 89).5" }, to: "t.csv")
    // the reader leaves with the first line; the model is not there yet
    let code = try workshop.shell(
      "\"$0\" train t.csv --target y --epochs 200 --output m | (head -1 > first; test ! -e m; echo $? > early; cat > rest)"
    )
    #expect(code == 0)
    #expect(try workshop.lines("first") == ["t.csv: 4,000 rows, 2 columns"] && workshop.lines("early") == ["0"])
  }

  @Test func standardOutputThatIsFull() throws {
    let workshop = try Workshop()
    for command in ["datasets", "train xor --layers 2 --epochs 2", "evaluate model.safetensors xor --json"] {
      #expect(try workshop.shell("\"$0\" \(command) > /dev/full 2> errors") == 73)
      #expect(try workshop.lines("errors").count == 1)
    }
  }

  @Test(arguments: ["xor", "iris", "diabetes"])
  func divergence(data: String) throws {
    let workshop = try Workshop()
    let options = "--epochs 50 --learning-rate 1e30 --metrics m.jsonl"
    for (extra, isQuiet) in [("", false), ("--quiet", true)] {
      let run = try workshop.run("train \(data) \(options) \(extra)")
      #expect(run.code == 1 && run.errorLines.count == 1)
      for word in ["diverged", "epoch", "step", "learning rate 1e+30", "weights"] { #expect(run.errors.contains(word)) }
      #expect(run.output.isEmpty == isQuiet)
    }
    let loss = try workshop.figures("evaluate model.safetensors \(data) --json")["loss"]
    #expect(try #require(loss).isFinite)
  }

  @Test func divergenceInTheLastStep() throws {
    let workshop = try Workshop()
    expectFailure(
      try workshop.run("train xor --epochs 1 --validation 0 --learning-rate 1e30 --quiet"), 1, ["diverged", "epoch 1"])
    let loss = try workshop.figures("evaluate model.safetensors xor --json")["loss"]
    #expect(try #require(loss).isFinite)
  }
}

extension Workshop {
  /// Runs a script of the shell, in which `"$0"` is the program, and returns its exit code.
  @discardableResult
  func shell(_ script: String) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script, Program.url.path]
    process.currentDirectoryURL = folder
    process.environment = ["TMPDIR": folder.path, "PATH": "/usr/bin:/bin"]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
