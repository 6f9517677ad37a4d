package io.tuneplane.policy;

import static io.tuneplane.policy.Questions.EVERYWHERE;
import static io.tuneplane.policy.Questions.KUBERNETES;
import static io.tuneplane.policy.Questions.LOCAL;
import static io.tuneplane.policy.Questions.NOW;
import static io.tuneplane.policy.Questions.OPENAI;
import static io.tuneplane.policy.Questions.VERTEX;
import static io.tuneplane.policy.Questions.training;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyEngineTest {

  private static final Attestation HIPAA_AT_VERTEX =
      new Attestation(
          "a.smith",
          LocalDate.parse("2026-10-01"),
          LocalDate.parse("2027-10-01"),
          "BAA-2026-114",
          "hipaa",
          "vertex",
          Purpose.TRAINING,
          Optional.of("us-central1"));

  private final PolicyEngine builtIn = new PolicyEngine(Policy.builtIn());
  private final PolicyEngine attested =
      new PolicyEngine(Policy.builtIn().with(List.of(HIPAA_AT_VERTEX)));

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  @Test
  void unflaggedDataMayGoAnywhere() {
    assertThat(EVERYWHERE)
        .allSatisfy(place ->
            assertThat(builtIn.judge(training(place), NOW)).isInstanceOf(Verdict.Allowed.class));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hipaa",
        "fedramp-moderate",
        "fedramp-high",
        "soc2",
        "gdpr",
        "pci",
        "itar",
        "confidential",
        "HIPAA",
        "never-heard-of-it"
      })
  void aFlaggedJobGoesToOwnHardwareOnly(String flag) {
    assertThat(builtIn.judge(training(LOCAL, flag), NOW)).isInstanceOf(Verdict.Allowed.class);
    assertThat(List.of(KUBERNETES, OPENAI, VERTEX))
        .allSatisfy(place ->
            assertThat(builtIn.judge(training(place, flag), NOW))
                .isInstanceOf(Verdict.Refused.class));
  }

  @Test
  void theRefusalNamesTheFlagThePlaceAndTheRule() {
    Verdict verdict = builtIn.judge(training(OPENAI, "hipaa"), NOW);

    assertThat(verdict)
        .isEqualTo(
            new Verdict.Refused(
                "flagged-stays-on-own-hardware",
                "data flagged hipaa stays on own hardware: openai is a third party, and no"
                    + " attestation for hipaa training there is valid",
                List.of("location: third_party")));
  }

  @Test
  void anAttestationOpensItsPlaceForItsFlag() {
    Verdict verdict = attested.judge(training(VERTEX, "hipaa"), NOW);

    assertThat(verdict).isInstanceOf(Verdict.Allowed.class);
    assertThat(verdict.evidence())
        .containsExactly(
            "attestation: BAA-2026-114 by a.smith, 2026-10-01 to 2027-10-01, for hipaa at vertex"
                + " (training, us-central1)");
  }

  @Test
  void anAttestationOpensNothingElse() {
    Destination elsewhere =
        new Destination("vertex", Location.THIRD_PARTY, "google", Optional.of("europe-west4"));
    Question prompt = Questions.ask(VERTEX, Purpose.PROMPT, Flags.of(List.of("hipaa"), Scan.DONE));

    assertThat(
            List.of(
                training(OPENAI, "hipaa"),
                training(VERTEX, "gdpr"),
                training(VERTEX, "gdpr", "hipaa"),
                training(elsewhere, "hipaa"),
                prompt))
        .allSatisfy(question ->
            assertThat(attested.judge(question, NOW)).isInstanceOf(Verdict.Refused.class));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-09-30T23:59:59Z", "2027-10-02T00:00:00Z", "2030-01-01T00:00:00Z"})
  void anAttestationCountsOnItsDaysOnly(String time) {
    Verdict verdict = attested.judge(training(VERTEX, "hipaa"), Instant.parse(time));

    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
    assertThat(verdict.evidence()).anyMatch(line -> line.startsWith("not valid now: attestation:"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-10-01T00:00:00Z", "2027-10-01T23:59:59Z"})
  void theFirstAndTheLastDayCount(String time) {
    assertThat(attested.judge(training(VERTEX, "hipaa"), Instant.parse(time)))
        .isInstanceOf(Verdict.Allowed.class);
  }

  @Test
  void noAttestationOpensAPlaceForAnUnknownFlag() {
    Attestation bogus =
        new Attestation(
            "a.smith",
            LocalDate.parse("2026-10-01"),
            LocalDate.parse("2027-10-01"),
            "letter",
            "hippa",
            "openai",
            Purpose.TRAINING,
            Optional.empty());
    PolicyEngine engine = new PolicyEngine(Policy.builtIn().with(List.of(bogus)));

    Verdict verdict = engine.judge(training(OPENAI, "hippa"), NOW);

    assertThat(verdict.rule()).isEqualTo("unknown-flag");
    assertThat(verdict.reason()).contains("unknown flag hippa");
  }

  @Test
  void aFailedScanClosesEveryPlaceOutside() {
    Flags unscanned = Flags.of(List.of(), Scan.FAILED);

    assertThat(List.of(KUBERNETES, OPENAI, VERTEX))
        .allSatisfy(place ->
            assertThat(builtIn.judge(Questions.ask(place, Purpose.TRAINING, unscanned), NOW).rule())
                .isEqualTo("scan-failed"));
    assertThat(builtIn.judge(Questions.ask(LOCAL, Purpose.TRAINING, unscanned), NOW))
        .isInstanceOf(Verdict.Allowed.class);
  }

  @Test
  void theOperatorMaySayThatACountsAsOwnHardwareButNotOfAThirdParty() {
    Policy policy =
        Policy.parse("policy.yaml", "locations: {kubernetes: on_prem, openai: on_prem}");
    PolicyEngine engine = new PolicyEngine(policy);

    assertThat(engine.judge(training(KUBERNETES, "hipaa"), NOW))
        .isInstanceOf(Verdict.Allowed.class);
    assertThat(engine.judge(training(OPENAI, "hipaa"), NOW)).isInstanceOf(Verdict.Refused.class);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void addingAFlagNeverAddsADestination(long seed) {
    Random random = new Random(seed);
    PolicyEngine engine = new PolicyEngine(randomPolicy(random));
    List<String> flags = randomFlags(random);
    List<String> more = new ArrayList<>(flags);
    more.add(randomFlag(random));

    for (Destination place : EVERYWHERE) {
      if (engine.judge(training(place, flags.toArray(String[]::new)), NOW)
          instanceof Verdict.Refused) {
        assertThat(engine.judge(training(place, more.toArray(String[]::new)), NOW))
            .as("seed %d: %s, then %s, at %s", seed, flags, more, place)
            .isInstanceOf(Verdict.Refused.class);
      }
    }
  }

  private static Policy randomPolicy(Random random) {
    List<Attestation> attestations = new ArrayList<>();
    for (int i = random.nextInt(12); i > 0; i--) {
      Destination place = EVERYWHERE.get(random.nextInt(EVERYWHERE.size()));
      LocalDate when = LocalDate.parse("2026-01-01").plusDays(random.nextInt(400));
      attestations.add(
          new Attestation(
              "a.smith",
              when,
              when.plusDays(random.nextInt(400)),
              "document",
              randomFlag(random),
              place.name(),
              Purpose.TRAINING,
              place.region()));
    }
    return new Policy("", new TreeSet<>(List.of("own")), Map.of(), attestations, List.of());
  }

  private static List<String> randomFlags(Random random) {
    List<String> flags = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      flags.add(randomFlag(random));
    }
    return flags;
  }

  private static String randomFlag(Random random) {
    List<String> all = List.of("hipaa", "gdpr", "soc2", "own", "unknown", "fedramp-high");
    return all.get(random.nextInt(all.size()));
  }
}
