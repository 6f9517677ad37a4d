package io.tuneplane.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.policy.Flags;
import io.tuneplane.policy.Location;
import io.tuneplane.policy.Policy;
import io.tuneplane.policy.PolicyEngine;
import io.tuneplane.policy.Purpose;
import io.tuneplane.policy.Scan;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What must hold for every input. A failure prints the seed that it replays from.
class DecisionPropertiesTest {

  private static final int CASES_A_SEED = 100;

  static LongStream hundreds() {
    return LongStream.range(0, 50);
  }

  static LongStream seeds() {
    return LongStream.range(0, 15);
  }

  /// 5,000 cases.
  @ParameterizedTest
  @MethodSource("hundreds")
  void noFlaggedDataWithoutLeaveIsEverPlannedAnywhereButOnOwnHardware(long hundred) {
    for (long seed = hundred * CASES_A_SEED; seed < (hundred + 1) * CASES_A_SEED; seed++) {
      DecisionInputs inputs = new RandomInputs(seed).inputs();
      Solver.Outcome outcome = solver(inputs.world()).solve(inputs.request(), inputs.now());
      for (Solver.Scored scored : outcome.ranked()) {
        Place place = scored.candidate().place();
        assertThat(place.capabilities().location() == Location.ON_PREM || mayLeave(inputs, place))
            .as("seed %d: %s at %s", seed, inputs.request().data().flags(), place)
            .isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void addingAFlagNeverAddsADestination(long seed) {
    DecisionInputs inputs = new RandomInputs(seed).inputs();
    Flags flags = inputs.request().data().flags();
    Solver solver = solver(inputs.world());
    Set<String> before = offers(solver, inputs, inputs.request());

    for (String flag : List.of("hipaa", "gdpr", "project-x", "never-heard-of-it")) {
      TreeSet<String> more = new TreeSet<>(flags.names());
      more.add(flag);
      DecisionRequest flagged =
          inputs.request().with(inputs.request().data().with(new Flags(more, flags.scan())));

      assertThat(before)
          .as("seed %d, with %s", seed, flag)
          .containsAll(offers(solver, inputs, flagged));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void raisingTheBudgetNeverRemovesACandidate(long seed) {
    DecisionInputs inputs = new RandomInputs(seed).inputs();
    Solver solver = solver(inputs.world());
    Set<String> before = Set.of();

    for (String usd : List.of("0", "0.50", "1", "5", "50", "1000", "1000000000")) {
      Needs old = inputs.request().needs();
      Needs needs =
          new Needs(
              old.weights(), old.residency(), Optional.of(new BigDecimal(usd)), old.deadline());
      Set<String> now = offers(solver, inputs, inputs.request().with(needs));

      assertThat(now).as("seed %d, $%s", seed, usd).containsAll(before);
      before = now;
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyDecisionIsReplayedByteForByte(long seed) {
    DecisionInputs inputs = new RandomInputs(seed).inputs();

    String text = StoredDecision.of(inputs, Decider.decide(inputs)).text();

    assertThat(StoredDecision.replay(text))
        .as("seed %d", seed)
        .isEqualTo(StoredDecision.Replay.SAME);
    assertThat(StoredDecision.parse(text).inputs()).as("seed %d", seed).isEqualTo(inputs);
    assertThat(StoredDecision.parse(text).text()).as("seed %d", seed).isEqualTo(text);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theOrderOfPlacesAndAttestationsDoesNotMatter(long seed) {
    DecisionInputs inputs = new RandomInputs(seed).inputs();
    World world = inputs.world();
    World shuffled =
        new World(
            shuffled(world.places(), seed),
            world.book(),
            new World.PolicyTexts(
                world.policy().name(),
                world.policy().yaml(),
                shuffled(world.policy().attestations(), seed)),
            world.measured(),
            world.architectures());

    Decision one = Decider.decide(inputs);
    Decision other = Decider.decide(new DecisionInputs(inputs.request(), shuffled, inputs.now()));

    assertThat(DecisionJson.write(other)).as("seed %d", seed).isEqualTo(DecisionJson.write(one));
  }

  /// Told again here, without the policy's own code: every flag known, each with an attestation for
  /// exactly this place and purpose that counts today, and a scan that didn't fail.
  private static boolean mayLeave(DecisionInputs inputs, Place place) {
    Flags flags = inputs.request().data().flags();
    LocalDate today = LocalDate.ofInstant(inputs.now(), ZoneOffset.UTC);
    List<Purpose> purposes =
        inputs.request().forecast().workload().isPresent()
            ? List.of(Purpose.TRAINING, Purpose.PROMPT)
            : List.of(Purpose.TRAINING);
    return flags.scan() != Scan.FAILED
        && flags.names().stream()
            .allMatch(flag ->
                Set.of("hipaa", "gdpr", "soc2", "itar", "confidential", "project-x").contains(flag)
                    && purposes.stream()
                        .allMatch(purpose ->
                            inputs.world().policy().attestations().stream()
                                .anyMatch(a ->
                                    a.flag().equals(flag)
                                        && a.destination().equals(place.backend())
                                        && a.endpoint() == purpose
                                        && a.region().equals(place.region())
                                        && !today.isBefore(a.when())
                                        && !today.isAfter(a.until()))));
  }

  private static Solver solver(World world) {
    Policy policy =
        Policy.parse(world.policy().name(), world.policy().yaml().orElse(""))
            .with(world.policy().attestations());
    return new Solver(world, Inputs.PARSED, new PolicyEngine(policy));
  }

  private static Set<String> offers(Solver solver, DecisionInputs inputs, DecisionRequest request) {
    return solver.solve(request, inputs.now()).ranked().stream()
        .map(scored -> scored.candidate().offer().id())
        .collect(Collectors.toSet());
  }

  private static <T> List<T> shuffled(List<T> list, long seed) {
    List<T> copy = new ArrayList<>(list);
    Collections.shuffle(copy, new Random(seed));
    return copy;
  }
}
