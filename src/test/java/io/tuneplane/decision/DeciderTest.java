package io.tuneplane.decision;

import static io.tuneplane.decision.Inputs.LOCAL;
import static io.tuneplane.decision.Inputs.NOW;
import static io.tuneplane.decision.Inputs.WORLD;
import static io.tuneplane.decision.Inputs.data;
import static io.tuneplane.decision.Inputs.decide;
import static io.tuneplane.decision.Inputs.request;
import static io.tuneplane.decision.Inputs.withRequests;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.backend.Availability;
import io.tuneplane.backend.Method;
import io.tuneplane.decision.Decision.Change;
import io.tuneplane.decision.Decision.Choice;
import io.tuneplane.decision.Decision.Rejected;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Stories, each a decision over the shipped price book.
class DeciderTest {

  private static final String TINY = "smollm2-135m-instruct";

  @Test
  void flaggedDataIsTunedOnThisMachine() {
    Decision decision = decide(request(Wish.model(TINY), "hipaa"));

    assertThat(decision.choice()).map(Choice::backend).contains("local");
    assertThat(decision.choice()).map(Choice::model).contains(TINY);
    assertThat(decision.rejected())
        .extracting(Rejected::rule)
        .containsOnly("flagged-stays-on-own-hardware");
    assertThat(change(decision, "flag")).map(Change::condition).contains("without the flag hipaa");
    assertThat(change(decision, "flag"))
        .flatMap(Change::choice)
        .map(Choice::backend)
        .contains("kubernetes");
  }

  @Test
  void aSmallVolumeGoesToTheProviderAndABigOneToOwnHardware() {
    Decision small = decide(withRequests(request(Wish.ANY), 100_000));
    Decision big = decide(withRequests(request(Wish.ANY), 50_000_000));

    assertThat(small.choice()).map(Choice::backend).contains("openai");
    assertThat(big.choice()).map(Choice::backend).contains("kubernetes");
  }

  @Test
  void theVolumeThatWouldChangeItIsTheSmallestThatDoes() {
    DecisionRequest request = request(Wish.ANY);
    Decision decision = decide(withRequests(request, 100_000));
    Change change = change(decision, "volume").orElseThrow();
    long volume = Long.parseLong(change.condition().replaceAll("\\D", ""));

    assertThat(change.condition()).startsWith("from ").endsWith(" requests a month on");
    assertThat(decide(withRequests(request, volume)).choice()).isEqualTo(change.choice());
    assertThat(decide(withRequests(request, volume - 1)).choice())
        .map(Choice::offer)
        .isEqualTo(decision.choice().map(Choice::offer));
  }

  @Test
  void withoutAForecastServingIsLeftOutAndThatIsSaid() {
    Decision decision = decide(request(Wish.ANY));

    assertThat(decision.why().getFirst())
        .contains("for the tuning job; serving is left out, no workload was given");
    assertThat(change(decision, "volume"))
        .as("the data's own means tell what a volume would change")
        .isPresent();
  }

  @Test
  void fromTheDayOnWhichOpenAiTakesNoJobItIsStruckOutWithItsWords() {
    Decision before = decide(request(Wish.model("gpt-4o-mini")), at("2027-01-05"));
    Decision after = decide(request(Wish.model("gpt-4o-mini")), at("2027-01-06"));

    assertThat(before.choice()).map(Choice::backend).contains("openai");
    assertThat(after.choice()).isEmpty();
    Rejected struck = after.rejected().getFirst();
    assertThat(struck.rule()).isEqualTo("no-new-jobs");
    assertThat(struck.reason()).isEqualTo("openai takes no new tuning job from 2027-01-06 on");
    assertThat(struck.evidence().getFirst())
        .startsWith("developers.openai.com/api/docs/deprecations")
        .endsWith("(read 2026-11-23)");
    assertThat(change(before, "date"))
        .contains(new Change("date", "from 2027-01-06 on", Optional.empty()));
  }

  @Test
  void whatComesAfterAModelThatStopsIsPartOfItsCostAndThatIsSaid() {
    Decision decision = decide(withRequests(request(Wish.ANY), 100_000));

    assertThat(decision.why())
        .anySatisfy(line ->
            assertThat(line)
                .startsWith(
                    "gpt-4o-mini-2024-07-18 stops on 2027-01-14: the total holds what comes"
                        + " after, "));
  }

  @Test
  void aModelThatHasStoppedIsStruckOut() {
    assertThat(decide(request(Wish.model("gpt-4.1-nano"))).rejected())
        .singleElement()
        .satisfies(struck -> {
          assertThat(struck.rule()).isEqualTo("model-ended");
          assertThat(struck.reason()).isEqualTo("gpt-4.1-nano-2025-04-14 stopped on 2026-10-23");
        });
  }

  @Test
  void aNamedModelMeansThatModelUnlessSubstitutesWillDo() {
    Instant late = at("2027-02-01");
    Decision alone = decide(request(Wish.model("gpt-4o-mini")), late);
    Decision substituted = decide(request(Wish.model("gpt-4o-mini").withSubstitutes()), late);

    assertThat(alone.choice()).isEmpty();
    assertThat(alone.relax()).anySatisfy(way -> assertThat(way.kind()).isEqualTo("substitutes"));
    assertThat(substituted.choice()).map(Choice::model).contains("qwen2.5-7b-instruct");
  }

  @Test
  void aTinyModelIsNeverASubstituteForALargerOne() {
    Decision decision = decide(request(Wish.model("gpt-4o").withSubstitutes()));

    assertThat(decision.ranked())
        .extracting(Decision.Ranked::model)
        .contains("llama-3.3-70b-instruct")
        .doesNotContain(TINY, "qwen2.5-0.5b-instruct", "gpt-4o-mini-2024-07-18");
  }

  @Test
  void anUnknownCostRanksAfterEveryKnownOne() {
    List<Optional<String>> totals =
        decide(request(Wish.ofClass("tiny"))).ranked().stream()
            .map(Decision.Ranked::totalUsd)
            .toList();

    assertThat(totals).contains(Optional.empty());
    assertThat(totals.subList(totals.indexOf(Optional.<String>empty()), totals.size()))
        .containsOnly(Optional.empty());
  }

  @Test
  void whoeverWantsToBeginNowGetsTheFirstThatIsReady() {
    Decision decision = decide(request(Wish.ofClass("tiny")));

    assertThat(decision.choice()).map(Choice::backend).contains("kubernetes");
    assertThat(decision.firstReady()).map(Decision.Ranked::backend).contains("local");
    assertThat(decision.betterButNotReady())
        .isNotEmpty()
        .allSatisfy(option -> assertThat(option.setup().orElseThrow()).contains("Kubernetes"));
    assertThat(decision.why()).anyMatch(line -> line.contains("The best that is ready now is"));
  }

  @Test
  void aClosedPlaceIsStruckOutWithItsWords() {
    Place closed =
        place(
            new Availability.Closed(
                "training_not_available", Optional.of(LocalDate.parse("2026-05-07"))));

    assertThat(over(closed, request(Wish.model(TINY))).rejected())
        .singleElement()
        .satisfies(struck -> {
          assertThat(struck.rule()).isEqualTo("closed");
          assertThat(struck.reason()).isEqualTo("local takes no job: training_not_available");
          assertThat(struck.evidence()).containsExactly("closed since 2026-05-07");
        });
  }

  @Test
  void aPlaceThatNobodyHasAskedYetIsTried() {
    Decision decision =
        over(place(new Availability.Unverified("only a job shows it")), request(Wish.model(TINY)));

    assertThat(decision.firstReady()).map(Decision.Ranked::state).contains("unverified");
    assertThat(decision.firstReady())
        .flatMap(Decision.Ranked::setup)
        .contains("only a job shows it");
  }

  @ParameterizedTest
  @CsvSource({
    "9, 5000, 900, 2000000, min_examples, 'openai takes at least 10 examples, the data has 9'",
    "1000, 5000, 900, 536870913, max_file_bytes,"
        + " 'openai takes at most 536870912 file bytes, the data has 536870913'",
  })
  void aProvidersLimitStrikesItOutWithNumberAndSource(
      long examples, long tokens, long longest, long bytes, String rule, String reason) {
    DataSummary data =
        new DataSummary(
            "d", examples, tokens, longest, bytes, 0, true, Optional.empty(), data().flags());

    Rejected struck = decide(request(Wish.model("gpt-4o-mini")).with(data)).rejected().getFirst();

    assertThat(struck.rule()).isEqualTo(rule);
    assertThat(struck.reason()).isEqualTo(reason);
    assertThat(struck.evidence()).singleElement().asString().endsWith("(read 2026-11-23)");
  }

  @Test
  void vertexHasItsOwnLimits() {
    DataSummary data =
        new DataSummary(
            "d",
            1_000_001,
            5_000,
            131_073,
            1L << 31,
            5_001,
            false,
            Optional.empty(),
            data().flags());

    Rejected struck =
        decide(request(Wish.model("gemini-3.5-flash-lite")).with(data)).rejected().getFirst();

    assertThat(struck.rule()).isEqualTo("max_examples");
    assertThat(struck.also())
        .extracting(Objection::rule)
        .containsExactly("max_validation_examples", "max_tokens_per_example", "max_file_bytes");
  }

  @Test
  void weightsThatMustBeOursStrikeTheProvidersOut() {
    Needs needs = new Needs(true, Optional.empty(), Optional.empty(), Optional.empty());
    Decision decision = decide(request(Wish.ANY).with(needs));

    assertThat(decision.ranked()).extracting(Decision.Ranked::backend).containsOnly("kubernetes");
    assertThat(decision.rejected())
        .filteredOn(struck -> struck.backend().equals("openai"))
        .isNotEmpty()
        .allSatisfy(struck -> assertThat(struck.rule()).isEqualTo("weights"));
  }

  @Test
  void residencyLeavesOwnHardwareAndTheRegion() {
    Needs needs = new Needs(false, Optional.of("europe"), Optional.empty(), Optional.empty());
    Place vertex =
        WORLD.places().stream().filter(p -> p.backend().equals("vertex")).findFirst().orElseThrow();
    Place europe =
        new Place(
            "vertex",
            "vertex",
            Optional.of("europe-west4"),
            vertex.capabilities(),
            vertex.availability(),
            vertex.unfit());
    World world =
        Inputs.world(
            KnownPlaces.beside(List.of(LOCAL, europe), Inputs.PARSED), World.PolicyTexts.BUILT_IN);
    DecisionRequest request = request(Wish.ANY).with(needs);

    Decision decision = Decider.decide(new DecisionInputs(request, world, NOW));

    assertThat(decision.ranked()).extracting(Decision.Ranked::backend).containsOnly("vertex");
    assertThat(decision.rejected())
        .filteredOn(struck -> struck.backend().equals("openai"))
        .extracting(Rejected::reason)
        .contains("the data must stay in europe, and openai names no region");
  }

  @Test
  void aBudgetStrikesOutWhatCostsMoreAndWhatNobodyKnows() {
    Needs needs =
        new Needs(false, Optional.empty(), Optional.of(new BigDecimal("1.00")), Optional.empty());
    Decision decision = decide(request(Wish.ANY).with(needs));

    assertThat(decision.ranked()).extracting(Decision.Ranked::backend).containsOnly("kubernetes");
    assertThat(decision.rejected())
        .filteredOn(struck -> struck.rule().equals("budget"))
        .extracting(Rejected::reason)
        .contains(
            "tuning costs $4.50 there, the budget is $1.00",
            "what tuning costs there is unknown, so it can't be held to a budget of $1.00");
  }

  @Test
  void aBudgetLeavesTheMachineThatNobodySendsABillFor() {
    Needs needs =
        new Needs(false, Optional.empty(), Optional.of(new BigDecimal("0.01")), Optional.empty());

    assertThat(decide(request(Wish.model(TINY)).with(needs)).choice())
        .map(Choice::backend)
        .contains("local");
  }

  @Test
  void aDeadlineStrikesOutWhatWouldBeLate() {
    Needs needs =
        new Needs(false, Optional.empty(), Optional.empty(), Optional.of(NOW.plusSeconds(3600)));
    Decision decision = decide(request(Wish.ANY).with(needs));

    assertThat(decision.ranked()).extracting(Decision.Ranked::backend).containsOnly("kubernetes");
    assertThat(decision.rejected())
        .filteredOn(struck -> struck.backend().equals("openai"))
        .extracting(Rejected::reason)
        .contains("openai would have it at 2026-11-24T14:00:00Z, after 2026-11-24T13:00:00Z");
  }

  @Test
  void aMethodThatIsNotOfferedStrikesOut() {
    var all = LOCAL.capabilities();
    Place supervisedOnly =
        new Place(
            "local",
            Place.SELF,
            Optional.empty(),
            new io.tuneplane.backend.Capabilities(
                all.location(),
                EnumSet.of(Method.SUPERVISED),
                all.models(),
                all.architectures(),
                all.limits(),
                true,
                true,
                false,
                true),
            LOCAL.availability(),
            new TreeMap<>());
    DecisionRequest dpo =
        new DecisionRequest(Wish.model(TINY), Method.DPO, data(), Needs.NONE, Forecast.DEFAULT);

    Decision decision = over(supervisedOnly, dpo);

    assertThat(decision.choice()).isEmpty();
    assertThat(decision.rejected().getFirst().reason()).isEqualTo("local does not offer dpo");
    assertThat(decision.relax()).extracting(Change::kind).contains("method");
  }

  @Test
  void anArchitectureThatCantBeTrainedStrikesOut() {
    World world =
        new World(
            List.of(LOCAL),
            WORLD.book(),
            WORLD.policy(),
            WORLD.measured(),
            new TreeMap<>(java.util.Map.of("acme/mamba", "MambaForCausalLM")));

    Decision decision =
        Decider.decide(new DecisionInputs(request(Wish.model("acme/mamba")), world, NOW));

    assertThat(decision.rejected())
        .singleElement()
        .satisfies(struck -> {
          assertThat(struck.rule()).isEqualTo("architecture");
          assertThat(struck.reason()).isEqualTo("local can't train a MambaForCausalLM");
          assertThat(struck.evidence())
              .containsExactly("it trains [LlamaForCausalLM, Qwen2ForCausalLM]");
        });
  }

  @Test
  void aModelThatDoesNotFitIsStruckOutWithTheNumber() {
    assertThat(over(LOCAL, request(Wish.model("llama-3.1-8b"))).rejected())
        .singleElement()
        .extracting(Rejected::reason)
        .isEqualTo("needs 36 GiB, this machine has 16 GiB");
  }

  @Test
  void aModelThatTheBookDoesNotKnowCanStillBeTunedHere() {
    Decision decision = decide(request(Wish.model("acme/llama-of-ours")));

    assertThat(decision.firstReady()).map(Decision.Ranked::backend).contains("local");
    assertThat(decision.firstReady()).flatMap(Decision.Ranked::totalUsd).isEmpty();
    assertThat(decision.ranked()).extracting(Decision.Ranked::backend).doesNotContain("openai");
  }

  @Test
  void nothingLeftSaysWhichConstraintToRelax() {
    Decision decision = decide(request(Wish.ANY, "hipaa"));

    assertThat(decision.choice()).isEmpty();
    assertThat(decision.whatWouldChange()).isEmpty();
    assertThat(decision.relax())
        .anySatisfy(way -> {
          assertThat(way.condition())
              .isEqualTo("with an attestation for the flag hipaa, or without the flag");
          assertThat(way.choice()).isPresent();
        })
        .anySatisfy(way -> {
          assertThat(way.condition()).isEqualTo("with a model of class tiny");
          assertThat(way.choice()).map(Choice::backend).contains("local");
        });
    assertThat(decision.advice())
        .anySatisfy(line -> assertThat(line).startsWith("openai on hipaa (training, any): no"))
        .allSatisfy(line -> assertThat(line).endsWith("Advice, not leave."));
  }

  @Test
  void anUnknownClassIsAnError() {
    assertThatThrownBy(() -> decide(request(Wish.ofClass("huge"))))
        .isInstanceOf(DecisionException.class)
        .hasMessage("no model class \"huge\"; the price book has tiny, small, large");
  }

  @Test
  void everyKnownPlaceIsThereAndSaysWhatItNeeds() {
    Decision decision = decide(request(Wish.ANY));

    assertThat(decision.ranked())
        .filteredOn(option -> !option.ready())
        .extracting(Decision.Ranked::backend)
        .contains("openai", "vertex", "kubernetes");
    assertThat(decision.ranked())
        .filteredOn(option -> !option.ready())
        .allSatisfy(option ->
            assertThat(option.setup().orElseThrow())
                .contains("this version of Tuneplane has no backend for"));
  }

  @Test
  void aPriceThatWouldChangeItDoes() {
    DecisionRequest request = withRequests(request(Wish.ANY), 20_000_000);
    Decision decision = decide(request);
    Change dearer =
        decision.whatWouldChange().stream()
            .filter(change -> change.condition().endsWith(" dearer"))
            .findFirst()
            .orElseThrow();

    assertThat(dearer.condition())
        .startsWith("if " + decision.choice().orElseThrow().offer() + " were ");
    assertThat(dearer.choice().map(Choice::offer))
        .isNotEqualTo(decision.choice().map(Choice::offer));
  }

  private static Optional<Change> change(Decision decision, String kind) {
    return decision.whatWouldChange().stream()
        .filter(change -> change.kind().equals(kind))
        .findFirst();
  }

  private static Place place(Availability availability) {
    return new Place(
        "local", Place.SELF, Optional.empty(), LOCAL.capabilities(), availability, LOCAL.unfit());
  }

  private static Decision over(Place place, DecisionRequest request) {
    return Decider.decide(
        new DecisionInputs(request, Inputs.world(List.of(place), World.PolicyTexts.BUILT_IN), NOW));
  }

  private static Instant at(String day) {
    return Instant.parse(day + "T00:00:00Z");
  }
}
