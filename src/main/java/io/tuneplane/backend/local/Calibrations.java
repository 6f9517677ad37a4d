package io.tuneplane.backend.local;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.backend.AtomicFile;
import io.tuneplane.backend.BackendException;
import io.tuneplane.model.BaseModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Measures how fast this machine trains a model, once for each processor, number of threads, base
/// and version of the product. Safe for many threads.
public final class Calibrations {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String UNRELEASED = "unreleased";

  private final LocalSettings settings;
  private final BaseModels models;
  private final RunnerCommand runner;
  private final Machine machine;
  private final InstantSource clock;

  public Calibrations(
      LocalSettings settings,
      BaseModels models,
      RunnerCommand runner,
      Machine machine,
      InstantSource clock) {
    this.settings = settings;
    this.models = models;
    this.runner = runner;
    this.machine = machine;
    this.clock = clock;
  }

  /// What was measured of a model; empty where nothing was, or the model is not on the disk.
  public Optional<Calibration> known(String baseModel) {
    if (!models.isHere(baseModel)) {
      return Optional.empty();
    }
    try (BaseModel model = models.open(baseModel)) {
      return read(file(model));
    } catch (IOException e) {
      throw DiskErrors.translate("calibrate", e);
    }
  }

  /// Measures a model, or tells what was measured before. Takes seconds to a minute, and all cores.
  ///
  /// @throws BackendException.Unavailable if it could not be measured; the message says why
  public Calibration measure(String baseModel) {
    try (BaseModel model = models.open(baseModel)) {
      Optional<Calibration> known = read(file(model));
      return known.isPresent() ? known.get() : measure(baseModel, model);
    } catch (IOException e) {
      throw DiskErrors.translate("calibrate", e);
    }
  }

  private Calibration measure(String name, BaseModel model) throws IOException {
    Path folder = Files.createDirectories(settings.directory().resolve("calibrations"));
    RunDirectory work = new RunDirectory(Files.createTempDirectory(folder, "measuring-"));
    try {
      JobFile.Base base =
          new JobFile.Base(name, model.path().toAbsolutePath().toString(), model.digest());
      work.write(JobFile.toMeasure(base, settings.machine().threads()));
      Calibration measured = calibration(LocalJson.MAPPER.readTree(run(work)));
      AtomicFile.write(file(model), LocalJson.bytes(measured));
      return measured;
    } catch (JacksonException e) {
      throw new BackendException.Misunderstood(
          LocalTraining.NAME, "calibrate", "the runner's measurement is not JSON", e);
    } finally {
      Submission.delete(work.path());
    }
  }

  private String run(RunDirectory work) throws IOException {
    Threading threading =
        Threading.choose(settings.machine().spin(), settings.machine().threads(), machine);
    Path output = work.path().resolve("output");
    Process process =
        runner
            .process(threading, List.of("calibrate", work.path().toString()))
            .redirectOutput(output.toFile())
            .redirectError(work.words().toFile())
            .start();
    try {
      boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (!ended || process.exitValue() != 0) {
        throw new BackendException.Unavailable(
            LocalTraining.NAME,
            "calibrate",
            ended ? LastWords.of(work.words()) : "no measurement within " + PATIENCE);
      }
      return Files.readString(output, StandardCharsets.UTF_8);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackendException.Unavailable(LocalTraining.NAME, "calibrate", "interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private Calibration calibration(JsonNode line) {
    return new Calibration(
        line.required("tokens_per_second").asDouble(),
        line.required("compute").asText(),
        line.required("threads").asInt(),
        line.required("load_seconds").asDouble(),
        machine.processor(),
        clock.instant());
  }

  private static Optional<Calibration> read(Path file) throws IOException {
    try {
      return Optional.of(LocalJson.MAPPER.readValue(Files.readAllBytes(file), Calibration.class));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (JacksonException e) {
      throw new UnreadableFileException(file, e);
    }
  }

  private Path file(BaseModel model) {
    String version =
        Objects.requireNonNullElse(
            Calibrations.class.getPackage().getImplementationVersion(), UNRELEASED);
    String key =
        String.join(
            "\n",
            machine.processor(),
            Integer.toString(settings.machine().threads()),
            model.digest(),
            version);
    String name = ResultFiles.sha256(key.getBytes(StandardCharsets.UTF_8)) + ".json";
    return settings.directory().resolve("calibrations").resolve(name);
  }
}
