package io.tuneplane.decision;

import io.tuneplane.backend.Availability;
import io.tuneplane.backend.Limits;
import io.tuneplane.cost.EndDate;
import io.tuneplane.cost.Offer;
import io.tuneplane.cost.PriceLine;
import io.tuneplane.policy.Location;
import io.tuneplane.policy.PolicyEngine;
import io.tuneplane.policy.Purpose;
import io.tuneplane.policy.Question;
import io.tuneplane.policy.Verdict;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/// What strikes a candidate out before anything is priced, in the order in which people want to
/// hear it: the policy first.
final class Constraints {

  private final DecisionRequest request;
  private final PolicyEngine policy;
  private final SortedMap<String, String> architectures;
  private final Instant now;

  Constraints(
      DecisionRequest request,
      PolicyEngine policy,
      SortedMap<String, String> architectures,
      Instant now) {
    this.request = request;
    this.policy = policy;
    this.architectures = architectures;
    this.now = now;
  }

  /// Everything that speaks against the candidate; nothing if it may be chosen.
  List<Objection> against(Candidate candidate) {
    List<Objection> objections = new ArrayList<>();
    policy(candidate, Purpose.TRAINING).ifPresent(objections::add);
    if (objections.isEmpty() && request.forecast().workload().isPresent()) {
      policy(candidate, Purpose.PROMPT).ifPresent(objections::add);
    }
    objections.addAll(ends(candidate));
    closed(candidate).ifPresent(objections::add);
    method(candidate).ifPresent(objections::add);
    objections.addAll(limits(candidate));
    weights(candidate).ifPresent(objections::add);
    residency(candidate).ifPresent(objections::add);
    architecture(candidate).ifPresent(objections::add);
    memory(candidate).ifPresent(objections::add);
    return objections;
  }

  /// The policy's leave for training, for the record.
  Verdict leave(Candidate candidate) {
    return policy.judge(question(candidate, Purpose.TRAINING), now);
  }

  private Optional<Objection> policy(Candidate candidate, Purpose purpose) {
    return switch (policy.judge(question(candidate, purpose), now)) {
      case Verdict.Allowed _ -> Optional.empty();
      case Verdict.Refused refused ->
          Optional.of(new Objection(refused.rule(), refused.reason(), refused.evidence()));
    };
  }

  private Question question(Candidate candidate, Purpose purpose) {
    return new Question(
        request.data().flags(),
        candidate.place().destination(),
        purpose,
        candidate.offer().model(),
        purpose == Purpose.TRAINING ? Optional.of(request.data().size()) : Optional.empty());
  }

  private List<Objection> ends(Candidate candidate) {
    if (!(candidate.offer() instanceof Offer.Managed managed)) {
      return List.of();
    }
    List<Objection> ends = new ArrayList<>();
    managed
        .tuned()
        .end()
        .filter(this::hasCome)
        .map(end -> ended("model-ended", managed.model() + " stopped on " + end.date(), end))
        .ifPresent(ends::add);
    managed
        .place()
        .noNewJobs()
        .filter(this::hasCome)
        .map(end ->
            ended(
                "no-new-jobs",
                managed.place().id() + " takes no new tuning job from " + end.date() + " on",
                end))
        .ifPresent(ends::add);
    return ends;
  }

  private boolean hasCome(EndDate end) {
    return end.isAnnounced() && !end.date().isAfter(LocalDate.ofInstant(now, ZoneOffset.UTC));
  }

  private static Objection ended(String rule, String reason, EndDate end) {
    return new Objection(
        rule,
        reason,
        List.of(
            end.source().text()
                + end.source().note().map(note -> ": " + note).orElse("")
                + " (read "
                + end.source().readOn()
                + ")"));
  }

  private static Optional<Objection> closed(Candidate candidate) {
    return switch (candidate.place().availability()) {
      case Availability.Closed(String words, Optional<LocalDate> since) ->
          Optional.of(
              new Objection(
                  "closed",
                  candidate.place().backend() + " takes no job: " + words,
                  since.map(day -> List.of("closed since " + day)).orElse(List.of())));
      case Availability.Ready _, Availability.NeedsSetup _, Availability.Unverified _ ->
          Optional.empty();
    };
  }

  private Optional<Objection> method(Candidate candidate) {
    return candidate.place().capabilities().methods().contains(request.method())
        ? Optional.empty()
        : Optional.of(
            new Objection(
                "method",
                candidate.place().backend() + " does not offer " + request.method().wireName(),
                List.of(
                    "it offers "
                        + candidate.place().capabilities().methods().stream()
                            .sorted()
                            .map(m -> m.wireName())
                            .toList())));
  }

  private List<Objection> limits(Candidate candidate) {
    Limits limits = candidate.place().capabilities().limits();
    DataSummary data = request.data();
    List<Objection> found = new ArrayList<>();
    below(candidate, "min_examples", data.examples(), limits.minExamples()).ifPresent(found::add);
    above(candidate, "max_examples", data.examples(), limits.maxExamples()).ifPresent(found::add);
    above(
            candidate,
            "max_validation_examples",
            data.validationExamples(),
            limits.maxValidationExamples())
        .ifPresent(found::add);
    above(candidate, "max_tokens_per_example", data.longestExample(), limits.maxTokensPerExample())
        .ifPresent(found::add);
    above(candidate, "max_file_bytes", data.fileBytes(), limits.maxFileBytes())
        .ifPresent(found::add);
    return found;
  }

  private static Optional<Objection> below(
      Candidate candidate, String limit, long value, OptionalLong least) {
    return least.isPresent() && value < least.getAsLong()
        ? Optional.of(limit(candidate, limit, value, "at least " + least.getAsLong()))
        : Optional.empty();
  }

  private static Optional<Objection> above(
      Candidate candidate, String limit, long value, OptionalLong most) {
    return most.isPresent() && value > most.getAsLong()
        ? Optional.of(limit(candidate, limit, value, "at most " + most.getAsLong()))
        : Optional.empty();
  }

  private static Objection limit(Candidate candidate, String limit, long value, String bound) {
    String words = limit.substring("max_".length()).replace('_', ' ');
    return new Objection(
        limit,
        "%s takes %s %s, the data has %d"
            .formatted(candidate.place().backend(), bound, words, value),
        source(candidate, limit));
  }

  private static List<String> source(Candidate candidate, String limit) {
    return candidate.offer() instanceof Offer.Managed managed
        ? Optional.ofNullable(managed.place().limits().get(limit))
            .map(Constraints::source)
            .map(List::of)
            .orElse(List.of())
        : List.of();
  }

  private static String source(PriceLine line) {
    return line.source().text() + " (read " + line.source().readOn() + ")";
  }

  private Optional<Objection> weights(Candidate candidate) {
    return request.needs().weights() && !candidate.place().capabilities().weightsAvailable()
        ? Optional.of(
            new Objection(
                "weights",
                candidate.place().backend() + " keeps the tuned weights to itself",
                List.of()))
        : Optional.empty();
  }

  private Optional<Objection> residency(Candidate candidate) {
    Optional<String> wanted = request.needs().residency();
    if (wanted.isEmpty() || policy.location(candidate.place().destination()) == Location.ON_PREM) {
      return Optional.empty();
    }
    Optional<String> region = candidate.place().region();
    return region.filter(r -> isIn(r, wanted.get())).isPresent()
        ? Optional.empty()
        : Optional.of(
            new Objection(
                "residency",
                "the data must stay in %s, and %s %s"
                    .formatted(
                        wanted.get(),
                        candidate.place().backend(),
                        region.map(r -> "is in " + r).orElse("names no region")),
                List.of()));
  }

  private static boolean isIn(String region, String wanted) {
    return region.equals(wanted) || region.startsWith(wanted + "-");
  }

  private Optional<Objection> architecture(Candidate candidate) {
    var supported = candidate.place().capabilities().architectures();
    return Optional.ofNullable(architectures.get(candidate.offer().model()))
        .filter(name -> !supported.isEmpty() && !supported.contains(name))
        .map(name ->
            new Objection(
                "architecture",
                candidate.place().backend() + " can't train a " + name,
                List.of("it trains " + supported.stream().sorted().toList())));
  }

  private static Optional<Objection> memory(Candidate candidate) {
    return Optional.ofNullable(candidate.place().unfit().get(candidate.offer().model()))
        .map(reason -> new Objection("does-not-fit", reason, List.of()));
  }
}
