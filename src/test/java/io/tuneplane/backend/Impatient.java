package io.tuneplane.backend;

import io.tuneplane.policy.Clearance;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A place that wants to be asked again at once, for tests that can't wait as long as it would.
public record Impatient(TrainingBackend place) implements TrainingBackend {

  private static final Duration SOON = Duration.ofMillis(100);

  @Override
  public String name() {
    return place.name();
  }

  @Override
  public Capabilities capabilities() {
    return place.capabilities();
  }

  @Override
  public String provider() {
    return place.provider();
  }

  @Override
  public Map<String, LocalDate> modelEnds() {
    return place.modelEnds();
  }

  @Override
  public Optional<String> region() {
    return place.region();
  }

  @Override
  public Availability availability() {
    return place.availability();
  }

  @Override
  public List<Problem> check(TrainingSpec spec) {
    return place.check(spec);
  }

  @Override
  public RunHandle submit(TrainingSpec spec, SubmissionKey key, Clearance clearance) {
    return place.submit(spec, key, clearance);
  }

  @Override
  public Optional<RunHandle> find(SubmissionKey key) {
    return place.find(key);
  }

  @Override
  public Duration consistencyWindow() {
    return place.consistencyWindow();
  }

  @Override
  public Progress observe(RunHandle run, Cursor since) {
    Progress progress = place.observe(run, since);
    return new Progress(progress.state(), progress.events(), progress.next(), SOON);
  }

  @Override
  public void cancel(RunHandle run) {
    place.cancel(run);
  }

  @Override
  public void pause(RunHandle run) {
    place.pause(run);
  }

  @Override
  public void resume(RunHandle run) {
    place.resume(run);
  }

  @Override
  public void close() {
    place.close();
  }
}
