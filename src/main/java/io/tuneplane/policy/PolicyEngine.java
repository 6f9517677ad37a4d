package io.tuneplane.policy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Judges by a policy. The same question at the same time always gets the same answer. Immutable;
/// threads may share it.
public final class PolicyEngine {

  /// A time, and whether attestations may rest on it.
  ///
  /// @param now the time
  /// @param trusted false where the clock is known to have been set back
  record Time(Instant now, boolean trusted) {}

  private final Policy policy;

  /// An engine for this policy.
  public PolicyEngine(Policy policy) {
    this.policy = policy;
  }

  /// The policy that it judges by.
  public Policy policy() {
    return policy;
  }

  /// Whether data may go there. Closed wherever something is not known: an unknown flag, a scan
  /// that failed, an attestation that is missing, expired or not yet valid, a rule that can't be
  /// evaluated.
  ///
  /// @param question what would go where, and why
  /// @param now the time, which attestations are measured by
  public Verdict judge(Question question, Instant now) {
    return judge(question, new Time(now, true));
  }

  Verdict judge(Question question, Time time) {
    Location location = location(question.destination());
    return refusedByRule(question, location)
        .or(() -> Optional.ofNullable(location == Location.ON_PREM ? onPrem(question) : null))
        .or(() -> refusedAsUnknown(question, location))
        .orElseGet(() -> byAttestation(question, location, time));
  }

  /// Who holds the hardware of a place: what the policy file says of it, else what it declares. A
  /// third party stays one, whatever the file says.
  public Location location(Destination destination) {
    return destination.location() == Location.THIRD_PARTY
        ? Location.THIRD_PARTY
        : policy.locations().getOrDefault(destination.name(), destination.location());
  }

  /// When the leave that attestations give for this question ends; empty where it rests on none.
  Optional<Instant> leaveEnds(Question question, Instant now) {
    if (location(question.destination()) == Location.ON_PREM) {
      return Optional.empty();
    }
    return question.flags().names().stream()
        .flatMap(flag -> attestation(flag, question, now).stream())
        .map(Attestation::end)
        .min(Instant::compareTo);
  }

  private Optional<Verdict> refusedByRule(Question question, Location location) {
    return policy.rules().stream()
        .flatMap(rule -> rule.refusal(question, location).stream())
        .findFirst();
  }

  private static Verdict onPrem(Question question) {
    return new Verdict.Allowed(
        "own-hardware",
        question.destination().name() + " is hardware that the operator holds",
        List.of("location: on_prem"));
  }

  private Optional<Verdict> refusedAsUnknown(Question question, Location location) {
    if (question.flags().scan() == Scan.FAILED) {
      return Optional.of(
          new Verdict.Refused(
              "scan-failed",
              "the scan for personal data failed, so nobody knows what is in the data; it stays on"
                  + " own hardware",
              List.of("location: " + location.wireName())));
    }
    Set<String> unknown = new TreeSet<>(question.flags().names());
    unknown.removeAll(policy.knownFlags());
    return unknown.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Verdict.Refused(
                "unknown-flag",
                "unknown flag "
                    + String.join(", ", unknown)
                    + ": what it forbids is not known, so"
                    + " the data stays on own hardware",
                List.of("known flags: " + String.join(", ", policy.knownFlags()))));
  }

  private Verdict byAttestation(Question question, Location location, Time time) {
    if (question.flags().names().isEmpty()) {
      return new Verdict.Allowed(
          "unflagged", "the data has no flag", List.of("location: " + location.wireName()));
    }
    List<String> evidence = new ArrayList<>();
    for (String flag : question.flags().names()) {
      Optional<Attestation> attestation =
          time.trusted() ? attestation(flag, question, time.now()) : Optional.empty();
      if (attestation.isEmpty()) {
        return unattested(flag, question, location, time);
      }
      evidence.add(attestation.get().summary());
    }
    return new Verdict.Allowed(
        "attested", "an administrator attested every flag of the data for this place", evidence);
  }

  private Optional<Attestation> attestation(String flag, Question question, Instant now) {
    return policy.attestations().stream()
        .filter(a -> a.covers(flag, question.destination(), question.purpose()))
        .filter(a -> a.holdsAt(now))
        .max((a, b) -> a.until().compareTo(b.until()));
  }

  private Verdict unattested(String flag, Question question, Location location, Time time) {
    List<String> evidence = new ArrayList<>();
    evidence.add("location: " + location.wireName());
    policy.attestations().stream()
        .filter(a -> a.covers(flag, question.destination(), question.purpose()))
        .map(a -> "not valid now: " + a.summary())
        .forEach(evidence::add);
    if (!time.trusted()) {
      evidence.add("the clock is behind the audit log, so no attestation counts");
    }
    return new Verdict.Refused(
        "flagged-stays-on-own-hardware",
        "data flagged %s stays on own hardware: %s is %s, and no attestation for %s %s there is valid"
            .formatted(
                flag,
                question.destination().name(),
                words(location),
                flag,
                question.purpose().wireName()),
        evidence);
  }

  private static String words(Location location) {
    return switch (location) {
      case ON_PREM -> "own hardware";
      case RENTED -> "rented hardware";
      case THIRD_PARTY -> "a third party";
    };
  }
}
