package io.tuneplane.job;

import io.tuneplane.cost.Measurements;
import io.tuneplane.cost.Measurements.Speeds;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// How fast places have trained so far, from the jobs that succeeded there.
public final class MeasuredSpeeds {

  /// Older jobs say less of the machine as it is now.
  private static final int NEWEST = 10;

  private MeasuredSpeeds() {}

  /// The speeds of the newest jobs, by the price book's name of place and model together.
  ///
  /// @param jobs newest first
  public static Measurements of(List<Job> jobs) {
    Map<String, List<Job>> byOffer =
        jobs.stream()
            .filter(job -> job.result().filter(r -> r.trainingSeconds() > 0).isPresent())
            .filter(job -> job.plan().isPresent())
            .collect(
                Collectors.groupingBy(
                    MeasuredSpeeds::offer, LinkedHashMap::new, Collectors.toList()));
    Map<String, Speeds> speeds = new LinkedHashMap<>();
    byOffer.forEach((offer, done) -> speeds.put(offer, speeds(done)));
    return new Measurements(speeds);
  }

  private static String offer(Job job) {
    JobPlan plan = job.plan().orElseThrow();
    return plan.backend() + "/" + plan.model();
  }

  private static Speeds speeds(List<Job> done) {
    List<Job> newest = done.subList(0, Math.min(NEWEST, done.size()));
    long tokens = newest.stream().mapToLong(j -> j.result().orElseThrow().trainedTokens()).sum();
    double seconds =
        newest.stream().mapToDouble(j -> j.result().orElseThrow().trainingSeconds()).sum();
    LocalDate day =
        LocalDate.ofInstant(
            newest.getFirst().state().finishedAt().orElse(newest.getFirst().createdAt()),
            ZoneOffset.UTC);
    return new Speeds(
        Optional.of(BigDecimal.valueOf(tokens / seconds).setScale(1, RoundingMode.HALF_EVEN)),
        Optional.empty(),
        newest.size() == 1 ? "the last job" : "the last " + newest.size() + " jobs",
        day);
  }
}
