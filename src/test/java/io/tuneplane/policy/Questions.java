package io.tuneplane.policy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Questions for tests of the policy.
final class Questions {

  static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  static final Destination LOCAL =
      new Destination("local", Location.ON_PREM, "self", Optional.empty());
  static final Destination KUBERNETES =
      new Destination("kubernetes", Location.RENTED, "self", Optional.empty());
  static final Destination OPENAI =
      new Destination("openai", Location.THIRD_PARTY, "openai", Optional.empty());
  static final Destination VERTEX =
      new Destination("vertex", Location.THIRD_PARTY, "google", Optional.of("us-central1"));

  static final List<Destination> EVERYWHERE = List.of(LOCAL, KUBERNETES, OPENAI, VERTEX);

  private Questions() {}

  static Question training(Destination destination, String... flags) {
    return ask(destination, Purpose.TRAINING, Flags.of(List.of(flags), Scan.DONE));
  }

  static Question ask(Destination destination, Purpose purpose, Flags flags) {
    return new Question(
        flags,
        destination,
        purpose,
        "gpt-4o-mini-2024-07-18",
        Optional.of(new Question.Size(100, 50_000, 200_000)));
  }
}
