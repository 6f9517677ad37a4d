package io.tuneplane.decision;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tuneplane.backend.Availability;
import io.tuneplane.backend.Capabilities;
import io.tuneplane.backend.Limits;
import io.tuneplane.backend.Method;
import io.tuneplane.cost.Measurements;
import io.tuneplane.cost.PriceBook;
import io.tuneplane.cost.PriceBooks;
import io.tuneplane.cost.Workload;
import io.tuneplane.policy.Flags;
import io.tuneplane.policy.Location;
import io.tuneplane.policy.Scan;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Inputs for tests of decisions: the shipped price book, the known places, this machine.
final class Inputs {

  static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  static final PriceBooks.Text BOOK = new PriceBooks.Text("book.yaml", resource("book.yaml"));
  static final PriceBook PARSED = PriceBooks.parse(BOOK, List.of());

  static final Place LOCAL =
      new Place(
          "local",
          Place.SELF,
          Optional.empty(),
          new Capabilities(
              Location.ON_PREM,
              EnumSet.of(Method.SUPERVISED, Method.DPO),
              List.of(),
              Set.of("LlamaForCausalLM", "Qwen2ForCausalLM"),
              Limits.NONE,
              true,
              true,
              false,
              true),
          new Availability.Ready(),
          new TreeMap<>(
              Map.of(
                  "llama-3.1-8b-instruct", "needs 36 GiB, this machine has 16 GiB",
                  "qwen2.5-7b-instruct", "needs 34 GiB, this machine has 16 GiB")));

  static final World WORLD =
      world(KnownPlaces.beside(List.of(LOCAL), PARSED), World.PolicyTexts.BUILT_IN);

  private Inputs() {}

  static World world(List<Place> places, World.PolicyTexts policy) {
    return new World(
        places,
        new World.BookTexts(BOOK, List.of()),
        policy,
        Measurements.NONE,
        new TreeMap<>(Map.of("smollm2-135m-instruct", "LlamaForCausalLM")));
  }

  static DecisionRequest request(Wish wish, String... flags) {
    return new DecisionRequest(wish, Method.SUPERVISED, data(flags), Needs.NONE, Forecast.DEFAULT);
  }

  static DataSummary data(String... flags) {
    return new DataSummary(
        "d1",
        1000,
        500_000,
        900,
        2_000_000,
        100,
        true,
        Optional.of(new DataSummary.Means(300, 150)),
        Flags.of(List.of(flags), Scan.DONE));
  }

  static DecisionRequest withRequests(DecisionRequest request, long monthly) {
    return request.with(request.forecast().with(Workload.steady(monthly, 300, 150)));
  }

  static Decision decide(DecisionRequest request) {
    return decide(request, NOW);
  }

  static Decision decide(DecisionRequest request, Instant now) {
    return Decider.decide(new DecisionInputs(request, WORLD, now));
  }

  private static String resource(String name) {
    try (InputStream in = PriceBook.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
