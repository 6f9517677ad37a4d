package io.tuneplane.decision;

import static io.tuneplane.decision.Inputs.LOCAL;
import static io.tuneplane.decision.Inputs.NOW;
import static io.tuneplane.decision.Inputs.PARSED;

import io.tuneplane.backend.Availability;
import io.tuneplane.backend.Capabilities;
import io.tuneplane.backend.Method;
import io.tuneplane.cost.Measurements;
import io.tuneplane.cost.OwnPlan;
import io.tuneplane.cost.Range;
import io.tuneplane.cost.ServingHours;
import io.tuneplane.cost.Workload;
import io.tuneplane.policy.Attestation;
import io.tuneplane.policy.Flags;
import io.tuneplane.policy.Location;
import io.tuneplane.policy.Purpose;
import io.tuneplane.policy.Scan;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/// Inputs drawn at random, the same for the same seed.
final class RandomInputs {

  private static final List<String> FLAGS =
      List.of("hipaa", "gdpr", "soc2", "itar", "confidential", "hippa", "secret", "project-x");

  private static final List<String> MODELS =
      List.of(
          "gpt-4o-mini",
          "gpt-4o",
          "gemini-3.5-flash",
          "smollm2-135m-instruct",
          "llama-3.1-8b",
          "acme/own");

  private final Random random;

  RandomInputs(long seed) {
    this.random = new Random(seed);
  }

  DecisionInputs inputs() {
    return new DecisionInputs(request(), world(), now());
  }

  DecisionRequest request() {
    return new DecisionRequest(wish(), pick(List.of(Method.values())), data(), needs(), forecast());
  }

  World world() {
    List<Place> places = new ArrayList<>();
    for (Place place : KnownPlaces.beside(List.of(LOCAL), PARSED)) {
      places.add(changed(place));
    }
    return new World(
        places,
        new World.BookTexts(Inputs.BOOK, List.of()),
        new World.PolicyTexts("policy.yaml", Optional.of("flags: [project-x]"), attestations()),
        measured(),
        new TreeMap<>(Map.of("acme/own", pick(List.of("LlamaForCausalLM", "MambaForCausalLM")))));
  }

  private Place changed(Place place) {
    Capabilities c = place.capabilities();
    return new Place(
        place.backend(),
        place.provider(),
        pick(List.of(Optional.<String>empty(), Optional.of("europe-west4"), Optional.of("us"))),
        new Capabilities(
            c.location() == Location.THIRD_PARTY
                ? Location.THIRD_PARTY
                : pick(List.of(Location.values())),
            c.methods(),
            c.models(),
            c.architectures(),
            c.limits(),
            c.weightsAvailable(),
            c.checkpoints(),
            c.pausable(),
            c.serves()),
        availability(),
        random.nextInt(3) == 0 ? new TreeMap<>() : place.unfit());
  }

  private Availability availability() {
    return pick(
        List.of(
            new Availability.Ready(),
            new Availability.Ready(),
            new Availability.NeedsSetup("set a key"),
            new Availability.Unverified("only a job shows it"),
            new Availability.Closed("closed", Optional.of(LocalDate.parse("2026-05-07")))));
  }

  private Wish wish() {
    return switch (random.nextInt(4)) {
      case 0 -> Wish.ANY;
      case 1 -> Wish.ofClass(pick(List.of("tiny", "small", "large")));
      case 2 -> Wish.model(pick(MODELS));
      default -> Wish.model(pick(MODELS)).withSubstitutes();
    };
  }

  private DataSummary data() {
    long examples = 1L + random.nextInt(random.nextBoolean() ? 20 : 2_000_000);
    long tokens = examples * (1L + random.nextInt(2000));
    return new DataSummary(
        "d" + random.nextInt(100),
        examples,
        tokens,
        1 + random.nextInt(200_000),
        random.nextLong(1L << 31),
        random.nextInt(6000),
        random.nextBoolean(),
        maybe(new DataSummary.Means(1 + random.nextInt(2000), 1 + random.nextInt(500))),
        flags());
  }

  Flags flags() {
    List<String> flags = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      flags.add(pick(FLAGS));
    }
    return Flags.of(flags, pick(List.of(Scan.DONE, Scan.DONE, Scan.NOT_RUN, Scan.FAILED)));
  }

  private Needs needs() {
    return new Needs(
        random.nextInt(5) == 0,
        random.nextInt(4) == 0 ? Optional.of("europe") : Optional.empty(),
        maybe(BigDecimal.valueOf(random.nextInt(100_000), 2)),
        maybe(NOW.plusSeconds(random.nextInt(2_000_000))));
  }

  private Forecast forecast() {
    return new Forecast(
        1 + random.nextInt(10),
        maybe(
            new Workload(
                Range.of(random.nextInt(100_000_000)),
                Range.of(1 + random.nextInt(2000)),
                Range.of(1 + random.nextInt(500)),
                BigDecimal.valueOf(random.nextInt(101), 2),
                Range.of(BigDecimal.valueOf(random.nextInt(20), 2)),
                maybe(Range.of(1 + random.nextInt(9))))),
        1 + random.nextInt(24),
        new OwnPlan(
            pick(List.of(OwnPlan.Tuning.values())),
            pick(
                List.of(
                    new ServingHours.AlwaysOn(),
                    new ServingHours.Scheduled(BigDecimal.valueOf(200)),
                    new ServingHours.ScaledToZero(new BigDecimal("12.5")))),
            1 + random.nextInt(5),
            Optional.empty()));
  }

  private List<Attestation> attestations() {
    List<Attestation> attestations = new ArrayList<>();
    for (int i = random.nextInt(15); i > 0; i--) {
      LocalDate when = LocalDate.parse("2026-01-01").plusDays(random.nextInt(500));
      attestations.add(
          new Attestation(
              "a.smith",
              when,
              when.plusDays(random.nextInt(500)),
              "document " + i,
              pick(FLAGS),
              pick(List.of("openai", "vertex", "kubernetes", "local")),
              pick(List.of(Purpose.values())),
              pick(List.of(Optional.<String>empty(), Optional.of("europe-west4")))));
    }
    return attestations;
  }

  private Measurements measured() {
    return random.nextBoolean()
        ? Measurements.NONE
        : new Measurements(
            Map.of(
                "local/smollm2-135m-instruct",
                new Measurements.Speeds(
                    Optional.of(BigDecimal.valueOf(1 + random.nextInt(3000))),
                    Optional.empty(),
                    "the last 3 jobs",
                    LocalDate.parse("2026-11-20"))));
  }

  private Instant now() {
    return NOW.plusSeconds(random.nextInt(100) * 86_400L);
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private <T> Optional<T> maybe(T value) {
    return random.nextBoolean() ? Optional.of(value) : Optional.empty();
  }
}
