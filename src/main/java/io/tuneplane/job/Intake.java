package io.tuneplane.job;

import io.tuneplane.backend.Progress;
import io.tuneplane.backend.TrainingEvent;
import java.util.ArrayList;
import java.util.List;

/// Takes a look's events in: each once, and no figures of a step that has some already, whatever
/// the place repeats or reorders. Pure.
///
/// @param run the run as it is known then
/// @param events what is new
/// @param checkpoints those that are new
record Intake(JobRun run, List<Draft> events, List<JobCheckpoint> checkpoints) {

  /// How many ids are remembered. A cursor that works gives no event twice; this is for those that
  /// are given again around one.
  static final int REMEMBERED = 64;

  static Intake of(Job job, Progress progress) {
    JobRun before = job.run().orElseThrow();
    List<Draft> drafts = new ArrayList<>();
    List<JobCheckpoint> checkpoints = new ArrayList<>();
    List<String> recent = new ArrayList<>(before.recent());
    long step = before.step();
    long total = before.totalSteps();
    long saved = before.savedStep();
    for (TrainingEvent event : progress.events()) {
      if (recent.contains(event.id())) {
        continue;
      }
      recent.add(event.id());
      switch (event) {
        case TrainingEvent.Log _ -> drafts.add(Draft.of(event));
        case TrainingEvent.Metrics metrics -> {
          total = Math.max(total, metrics.totalSteps());
          if (metrics.step() > step) {
            step = metrics.step();
            drafts.add(Draft.of(event));
          }
        }
        case TrainingEvent.Checkpoint made -> {
          if (made.step() > saved) {
            saved = made.step();
            drafts.add(Draft.of(event));
            checkpoints.add(checkpoint(job, made));
          }
        }
      }
    }
    List<String> kept = recent.subList(Math.max(0, recent.size() - REMEMBERED), recent.size());
    JobRun after =
        new JobRun(before.handle(), progress.next(), step, total, saved, kept, before.outcome());
    return new Intake(after, drafts, checkpoints);
  }

  private static JobCheckpoint checkpoint(Job job, TrainingEvent.Checkpoint made) {
    return new JobCheckpoint(
        Ids.checkpoint(job.id(), made.step()),
        job.id(),
        made.step(),
        made.reference(),
        made.at(),
        made.values());
  }

  /// Whether the look brought anything that was not known.
  boolean isNews(JobRun before) {
    return !events.isEmpty() || !run.cursor().equals(before.cursor());
  }
}
