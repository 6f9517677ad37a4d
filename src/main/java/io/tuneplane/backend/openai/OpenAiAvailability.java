package io.tuneplane.backend.openai;

import com.openai.models.models.Model;
import io.tuneplane.backend.Availability;
import io.tuneplane.backend.BackendException;
import io.tuneplane.cost.EndDate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Whether the host takes a job of ours now: the key, a cheap read call, what creating answered
/// last, and the day from which it takes none. Safe for many threads.
final class OpenAiAvailability {

  static final String HOW_TO_SET_A_KEY =
      "keep a key of this host with 'tuneplane keys provider set openai', or set OPENAI_API_KEY, or"
          + " openai.api_key in the settings file";

  /// How long a good answer of the read call is believed.
  static final Duration FRESH = Duration.ofMinutes(5);

  /// How long a bad one is.
  static final Duration BRIEFLY = Duration.ofSeconds(30);

  private final Account account;
  private final Failures failures;
  private final Facts facts;
  private final LastCreate last;
  private final InstantSource clock;
  private @Nullable Probe probe;
  private Map<String, LocalDate> ends = Map.of();

  OpenAiAvailability(
      Account account, Failures failures, Facts facts, LastCreate last, InstantSource clock) {
    this.account = account;
    this.failures = failures;
    this.facts = facts;
    this.last = last;
    this.clock = clock;
  }

  /// What the read call said.
  ///
  /// @param key the key that it was made with
  /// @param until how long it is believed
  /// @param objection what speaks against a job; empty for nothing
  private record Probe(String key, Instant until, Optional<Availability> objection) {}

  Availability now() {
    try {
      Optional<String> key = account.key();
      return key.isEmpty()
          ? new Availability.NeedsSetup(HOW_TO_SET_A_KEY)
          : closed().or(() -> probe(key.get())).orElseGet(this::byExperience);
    } catch (BackendException.Unauthorized e) {
      return new Availability.NeedsSetup(String.valueOf(e.getMessage())); // kept, but unreadable
    }
  }

  private Optional<Availability> closed() {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    Optional<EndDate> end = facts.noNewJobs().filter(e -> !today.isBefore(e.date()));
    if (end.isPresent()) {
      String words =
          "OpenAI takes no new tuning job from anyone since %s (%s)"
              .formatted(end.get().date(), end.get().source().text());
      return Optional.of(new Availability.Closed(words, Optional.of(end.get().date())));
    }
    return last.answer()
        .flatMap(answer ->
            answer
                .refusal()
                .map(words ->
                    new Availability.Closed(
                        words, Optional.of(LocalDate.ofInstant(answer.at(), ZoneOffset.UTC)))));
  }

  private Optional<Availability> probe(String key) {
    synchronized (this) {
      Probe known = probe;
      if (known != null && known.key().equals(key) && clock.instant().isBefore(known.until())) {
        return known.objection();
      }
    }
    Optional<Availability> objection = ask();
    Duration believed = objection.isEmpty() ? FRESH : BRIEFLY;
    synchronized (this) {
      probe = new Probe(key, clock.instant().plus(believed), objection);
    }
    return objection;
  }

  /// When the account's models stop, as the host said when it was asked last.
  synchronized Map<String, LocalDate> modelEnds() {
    return ends;
  }

  private Optional<Availability> ask() {
    try {
      List<Model> models =
          failures.of("availability", () -> account.client("availability").models().list().items());
      Map<String, LocalDate> said =
          models.stream()
              .filter(model -> model.shutdownDate().isPresent())
              .collect(
                  Collectors.toMap(
                      Model::id, model -> model.shutdownDate().orElseThrow(), (a, _) -> a));
      synchronized (this) {
        ends = Map.copyOf(said);
      }
      return Optional.empty();
    } catch (BackendException.Unauthorized e) {
      return Optional.of(new Availability.NeedsSetup(e.getMessage() + "; " + HOW_TO_SET_A_KEY));
    } catch (BackendException e) {
      return Optional.of(new Availability.Unverified("it can't be asked now: " + e.getMessage()));
    }
  }

  private Availability byExperience() {
    return last.answer().isPresent()
        ? new Availability.Ready()
        : new Availability.Unverified(
            "the key works, but no job has been created with it yet, and no read call shows whether"
                + " one may be"
                + facts
                    .noNewJobs()
                    .map(e -> "; none is taken from " + e.date() + " on")
                    .orElse(""));
  }
}
