package io.tuneplane.job;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.RunHandle;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes in runs of submissions that stood still for so long that somebody else had gone on with
/// the job: the run is made known, or stopped where the job has no use for it any more. Safe for
/// many threads.
final class Strays {

  private static final Logger LOG = LoggerFactory.getLogger(Strays.class);
  private static final int TRIES = 20;

  private final JobStore jobs;
  private final Places places;
  private final InstantSource clock;

  Strays(JobStore jobs, Places places, InstantSource clock) {
    this.jobs = jobs;
    this.places = places;
    this.clock = clock;
  }

  void takeIn(String id, RunHandle run) {
    for (int i = 0; i < TRIES; i++) {
      JobStore.Stored stored = jobs.load(id).orElseThrow();
      Job job = stored.job();
      if (job.run().filter(known -> known.handle().equals(run)).isPresent()) {
        return;
      }
      boolean wanted =
          !job.ended()
              && job.run().isEmpty()
              && job.plan().filter(p -> p.backend().equals(run.backend())).isPresent();
      if (!wanted) {
        stop(job, run);
        return;
      }
      if (isKept(stored, run)) {
        return;
      }
    }
  }

  private boolean isKept(JobStore.Stored stored, RunHandle run) {
    try {
      Step step =
          JobMachine.submitted(stored.job(), run, "Found its run again at", clock.instant());
      jobs.advance(step.from(stored, clock.instant()));
      return true;
    } catch (StaleJobException e) {
      LOG.debug("{}", e.getMessage());
      return false;
    }
  }

  private void stop(Job job, RunHandle run) {
    LOG.warn("{}: a run of its was started too late and is stopped: {}", job.id(), run);
    for (int i = 0; i < TRIES; i++) {
      try {
        places.training(run.backend()).ifPresent(place -> place.cancel(run));
        return;
      } catch (BackendException.RunLost e) {
        return;
      } catch (BackendException e) {
        LOG.warn("{}: {} could not be stopped: {}", job.id(), run, e.getMessage());
      }
    }
  }
}
