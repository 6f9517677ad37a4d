package io.tuneplane.policy;

import static io.tuneplane.policy.Questions.KUBERNETES;
import static io.tuneplane.policy.Questions.LOCAL;
import static io.tuneplane.policy.Questions.NOW;
import static io.tuneplane.policy.Questions.OPENAI;
import static io.tuneplane.policy.Questions.VERTEX;
import static io.tuneplane.policy.Questions.training;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {

  private static final String WHOLE =
      """
      # Acme's policy
      flags: [project-x]
      locations:
        kubernetes: on_prem
      attestations:
        - who: a.smith
          when: 2026-10-01
          until: 2027-10-01
          document: BAA-2026-114
          flag: hipaa
          destination: vertex
          endpoint: training
          region: us-central1
      rules:
        - id: europe-only
          deny: '"gdpr" in flags && !region.startsWith("europe-")'
          message: Personal data of Europeans stays in Europe.
        - id: small-first
          deny: provider == "openai" && tokens > 1000000
          message: Ask before a big upload.
      """;

  @Test
  void aWholePolicyIsRead() {
    Policy policy = Policy.parse("policy.yaml", WHOLE);

    assertThat(policy.ownFlags()).containsExactly("project-x");
    assertThat(policy.locations()).isEqualTo(Map.of("kubernetes", Location.ON_PREM));
    assertThat(policy.attestations())
        .containsExactly(
            new Attestation(
                "a.smith",
                LocalDate.parse("2026-10-01"),
                LocalDate.parse("2027-10-01"),
                "BAA-2026-114",
                "hipaa",
                "vertex",
                Purpose.TRAINING,
                Optional.of("us-central1")));
    assertThat(policy.rules()).extracting(Rule::id).containsExactly("europe-only", "small-first");
    assertThat(policy.source()).isEqualTo(WHOLE);
    assertThat(Policy.parse("policy.yaml", policy.source())).isEqualTo(policy);
  }

  @Test
  void anEmptyFileIsTheBuiltInPolicy() {
    assertThat(Policy.parse("policy.yaml", "# nothing yet\n").rules()).isEmpty();
    assertThat(Policy.parse("policy.yaml", "rules:\nflags:\n").knownFlags())
        .isEqualTo(Policy.builtIn().knownFlags());
  }

  @Test
  void aRuleRefusesWithItsMessageEvenOnOwnHardware() {
    PolicyEngine engine = new PolicyEngine(Policy.parse("policy.yaml", WHOLE));

    assertThat(engine.judge(training(LOCAL, "gdpr"), NOW))
        .isEqualTo(
            new Verdict.Refused(
                "europe-only",
                "Personal data of Europeans stays in Europe.",
                List.of("deny: \"gdpr\" in flags && !region.startsWith(\"europe-\")")));
    assertThat(engine.judge(training(LOCAL, "hipaa"), NOW)).isInstanceOf(Verdict.Allowed.class);
  }

  @Test
  void aRuleOpensNothingThatIsClosed() {
    PolicyEngine engine =
        new PolicyEngine(
            Policy.parse(
                "policy.yaml", "rules: [{id: never, deny: 'false', message: nothing is denied}]"));

    assertThat(engine.judge(training(OPENAI, "hipaa"), NOW)).isInstanceOf(Verdict.Refused.class);
  }

  @Test
  void anOwnFlagIsKnownAndStaysOnOwnHardware() {
    PolicyEngine engine = new PolicyEngine(Policy.parse("policy.yaml", WHOLE));

    assertThat(engine.judge(training(VERTEX, "project-x"), NOW).rule())
        .isEqualTo("flagged-stays-on-own-hardware");
    assertThat(engine.judge(training(KUBERNETES, "project-x"), NOW))
        .isInstanceOf(Verdict.Allowed.class);
  }

  @Test
  void aRuleThatCantBeEvaluatedIsClosed() {
    PolicyEngine engine =
        new PolicyEngine(
            Policy.parse(
                "policy.yaml",
                "rules: [{id: division, deny: 'bytes / examples > 10', message: m}]"));
    Question nothing = new Question(Flags.NONE, OPENAI, Purpose.PROMPT, "gpt-4o", Optional.empty());

    Verdict verdict = engine.judge(nothing, NOW);

    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
    assertThat(verdict.rule()).isEqualTo("division");
    assertThat(verdict.reason()).startsWith("the rule can't be evaluated, so nothing may go:");
  }

  @Test
  void aRuleMayLoopOverTheFlags() {
    PolicyEngine engine =
        new PolicyEngine(
            Policy.parse(
                "policy.yaml",
                "rules: [{id: us-only, deny: 'flags.exists(f, f.startsWith(\"fedramp\"))"
                    + " && provider != \"self\"', message: m}]"));

    assertThat(engine.judge(training(VERTEX, "fedramp-high"), NOW).rule()).isEqualTo("us-only");
    assertThat(engine.judge(training(LOCAL, "fedramp-high"), NOW))
        .isInstanceOf(Verdict.Allowed.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rules:\\n  - id: a\\n    deny: flags == 3\\n    message: m | policy.yaml:3: rule a",
        "rules:\\n  - id: a\\n    deny: flagz\\n    message: m | policy.yaml:3: rule a",
        "rules:\\n  - id: a\\n    deny: tokens\\n    message: m | policy.yaml:3: rule a",
        "rules:\\n  - id: a\\n    deny: '(('\\n    message: m | policy.yaml:3: rule a",
        "rules:\\n  - id: a\\n    message: m | policy.yaml:2: \"deny\" is missing",
        "rules:\\n  - {id: a, deny: 'true', message: m}\\n  - {id: a, deny: 'true', message: m}"
            + " | policy.yaml:3: there are two rules a",
        "rule:\\n  - id: a | unknown key \"rule\"",
        "flags: hipaa | policy.yaml:1: flags is a list",
        "flags: [Project X] | policy.yaml:1: a flag is [a-z0-9-]",
        "\\nlocations:\\n  kubernetes: mine | policy.yaml:3: one of [on_prem, rented, third_party]",
        "flags: [a]\\nflags: [b] | policy.yaml:2",
        "flags: [&x a, *x] | anchors and aliases are not read",
        "flags: [a | policy.yaml:1",
        "a: !!java.lang.Runtime {} | policy.yaml:1",
        "attestations:\\n"
            + "  - {who: a, when: 2026-13-01, until: 2027-01-01, document: d, flag: hipaa,"
            + " destination: vertex, endpoint: training} | policy.yaml:2: a day as 2027-01-31",
        "attestations:\\n"
            + "  - {who: a, when: 2027-01-02, until: 2027-01-01, document: d, flag: hipaa,"
            + " destination: vertex, endpoint: training} | policy.yaml:2: an attestation can't end",
        "attestations:\\n"
            + "  - {who: a, when: 2027-01-02, until: 2027-02-01, document: d, flag: hippa,"
            + " destination: vertex, endpoint: training} | policy.yaml:2: unknown flag \"hippa\"",
        "--- {}\\n--- {} | a second document",
      })
  void aBrokenPolicyIsRefusedWithItsLine(String yaml, String words) {
    assertThatThrownBy(() -> Policy.parse("policy.yaml", yaml.replace("\\n", "\n")))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining(words);
  }

  @Test
  void nestingAndSizeAreBounded() {
    assertThatThrownBy(() -> Policy.parse("policy.yaml", "[".repeat(100_000)))
        .isInstanceOf(PolicyException.class);
    assertThatThrownBy(() -> Policy.parse("policy.yaml", "# " + "x".repeat(3 << 20)))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("longer than");
    assertThatThrownBy(() ->
            Policy.parse(
                "policy.yaml", "rules: [{id: a, deny: '" + "(".repeat(3000) + "', message: m}]"))
        .isInstanceOf(PolicyException.class);
    assertThatThrownBy(() ->
            Policy.parse(
                "policy.yaml",
                "rules: [{id: a, deny: '" + "1+".repeat(5000) + "1>0', message: m}]"))
        .isInstanceOf(PolicyException.class);
  }
}
