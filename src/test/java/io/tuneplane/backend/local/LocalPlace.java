package io.tuneplane.backend.local;

import io.tuneplane.backend.Hyperparameters;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.TestSpecs;
import io.tuneplane.backend.TrainedModel;
import io.tuneplane.backend.TrainingSpec;
import io.tuneplane.config.Settings;
import io.tuneplane.model.BaseModel;
import io.tuneplane.model.ModelException;
import io.tuneplane.model.Models;
import io.tuneplane.model.TinyLlama;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A data directory, a tiny model and a small data set for tests of this backend.
///
/// @param directory where all of it is
record LocalPlace(Path directory) {

  static LocalPlace create(Path directory) throws IOException {
    LocalPlace place = new LocalPlace(directory);
    TinyLlama.seeded(1).writeFolder(place.model());
    Files.writeString(place.data(), examples(12));
    return place;
  }

  static String examples(int count) {
    StringBuilder examples = new StringBuilder();
    for (int i = 0; i < count; i++) {
      examples.append(
          """
          {"messages": [{"role": "user", "content": "number %d?"}, \
          {"role": "assistant", "content": "it is %d."}]}
          """
              .formatted(i, i));
    }
    return examples.toString();
  }

  Path model() {
    return directory.resolve("tiny");
  }

  Path data() {
    return directory.resolve("data.jsonl");
  }

  LocalSettings settings() {
    return new LocalSettings(
        directory.resolve("local"),
        new Settings.Local(
            Optional.empty(),
            1,
            Optional.empty(),
            Settings.Spin.NEVER,
            Settings.Quantization.FP32));
  }

  /// The backend with the scripted runner.
  ///
  /// @param script see [ScriptedRunner]
  LocalTraining scripted(String script) {
    return training(scriptedRunner(script), TestMachine.roomy());
  }

  /// The server's side with the scripted runner.
  LocalServing serving() {
    return new LocalServing(
        settings(), models(), scriptedRunner(""), TestMachine.roomy(), InstantSource.system());
  }

  /// An adapter of the tiny model, as far as the scripted server looks.
  TrainedModel adapter(String name) throws IOException {
    Path folder = Files.createDirectories(directory.resolve(name));
    Files.writeString(folder.resolve("adapter_model.safetensors"), "weights of " + name);
    Path golden = directory.resolve(name + "-golden.jsonl");
    Files.writeString(
        golden,
        "{\"prompt_tokens\": [1], \"tokens\": [2, 3], \"logprobs\": [-1, -2], \"text\": \"x\"}\n");
    try (BaseModel base = models().open("tiny")) {
      return new TrainedModel(
          name, Optional.of(folder), Optional.of(golden), Optional.of(base.digest()));
    }
  }

  LocalTraining training(RunnerCommand runner, Machine machine) {
    return new LocalTraining(settings(), models(), runner, machine, InstantSource.system());
  }

  RunnerCommand scriptedRunner(String script) {
    RunnerCommand real = RunnerCommand.ofThisProcess(directory.resolve("native"));
    List<String> options = new ArrayList<>(real.options());
    options.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Dscript=" + script));
    return new RunnerCommand(
        real.java(),
        TestClassPath.get(),
        ScriptedRunner.class.getName(),
        options,
        real.nativeCache());
  }

  /// The backend with the real runner.
  LocalTraining real() {
    return training(realRunner(), TestMachine.roomy());
  }

  /// The server's side with the real runner.
  LocalServing realServing() {
    return new LocalServing(
        settings(), models(), realRunner(), TestMachine.roomy(), InstantSource.system());
  }

  Calibrations calibrations() {
    return new Calibrations(
        settings(), models(), realRunner(), TestMachine.roomy(), InstantSource.system());
  }

  // One directory for all tests' native libraries: unpacking them takes seconds.
  private static RunnerCommand realRunner() {
    RunnerCommand real =
        RunnerCommand.ofThisProcess(Path.of(System.getProperty("user.home"), ".djl.ai"));
    return new RunnerCommand(
        real.java(), TestClassPath.get(), real.mainClass(), real.options(), real.nativeCache());
  }

  /// Knows one model, by the name `tiny`.
  BaseModels models() {
    return new BaseModels() {
      @Override
      public boolean isHere(String name) {
        return name.equals("tiny");
      }

      @Override
      public BaseModel open(String name) {
        if (!name.equals("tiny")) {
          throw new ModelException("there is no model " + name);
        }
        return Models.open(model());
      }
    };
  }

  TrainingSpec spec(int epochs) {
    return spec(TestSpecs.hyperparameters(epochs));
  }

  TrainingSpec spec(Hyperparameters hyperparameters) {
    return new TrainingSpec(
        "tiny",
        Method.SUPERVISED,
        data(),
        "d".repeat(64),
        Optional.empty(),
        hyperparameters,
        7,
        Optional.empty(),
        Optional.empty(),
        java.util.Set.of(),
        java.util.Map.of());
  }

  RunDirectory run(String mark) {
    return new RunDirectory(settings().runs().resolve(mark));
  }

  int runs() throws IOException {
    if (!Files.exists(settings().runs())) {
      return 0;
    }
    try (Stream<Path> paths = Files.list(settings().runs())) {
      return (int) paths.filter(p -> new RunDirectory(p).exists()).count();
    }
  }

  /// The processes that were started on a run, in order.
  List<Long> children(String mark) throws IOException {
    Path starts = run(mark).path().resolve("starts");
    return Files.exists(starts)
        ? Files.readAllLines(starts).stream().map(Long::valueOf).toList()
        : List.of();
  }
}
