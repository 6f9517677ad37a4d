package io.tuneplane.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

class StoredDecisionTest {

  private final DecisionInputs inputs =
      new DecisionInputs(
          Inputs.withRequests(Inputs.request(Wish.ANY), 100_000), Inputs.WORLD, Inputs.NOW);
  private final Decision decision = Decider.decide(inputs);
  private final String text = StoredDecision.of(inputs, decision).text();

  @Test
  void theFieldsThatScriptsRelyOnAreThere() {
    JsonNode tree = DecisionJson.tree(decision);

    assertThat(tree.at("/choice/backend").asText()).isEqualTo("openai");
    assertThat(tree.at("/choice/model").asText()).isEqualTo("gpt-4o-mini-2024-07-18");
    assertThat(tree.at("/choice/total_usd").asText()).matches("[0-9]+\\.[0-9]{2}");
    assertThat(tree.at("/ranked/0/ready").isBoolean()).isTrue();
    assertThat(tree.at("/ranked/0/setup").isTextual()).isTrue();
    assertThat(tree.at("/ranked/0/total_usd").asText())
        .isEqualTo(tree.at("/choice/total_usd").asText());
    assertThat(tree.at("/rejected").isArray()).isTrue();
    assertThat(tree.at("/what_would_change/0/condition").isTextual()).isTrue();
    assertThat(tree.at("/inputs_digest").asText()).matches("[0-9a-f]{64}");
    JsonNode none = DecisionJson.tree(Inputs.decide(Inputs.request(Wish.ANY, "hipaa")));
    assertThat(none.get("choice").isNull()).isTrue();
  }

  @Test
  void anAnswerThatWasChangedIsFound() {
    String cheaper =
        text.replace(
            "\"total_usd\":\"" + decision.choice().orElseThrow().totalUsd().orElseThrow(),
            "\"total_usd\":\"1.00");

    assertThat(cheaper).isNotEqualTo(text);
    assertThat(StoredDecision.replay(text)).isEqualTo(StoredDecision.Replay.SAME);
    assertThat(StoredDecision.replay(cheaper)).isEqualTo(StoredDecision.Replay.DIFFERENT);
  }

  @Test
  void anInputThatWasChangedIsFound() {
    assertThat(StoredDecision.replay(text.replace("\"epochs\":3", "\"epochs\":4")))
        .isEqualTo(StoredDecision.Replay.DIFFERENT);
  }

  @Test
  void anotherVersionsDecisionIsNotJudged() {
    assertThat(StoredDecision.replay(text.replace("\"version\":1", "\"version\":999")))
        .isEqualTo(StoredDecision.Replay.OTHER_VERSION);
  }

  @Test
  void whatIsNoDecisionIsRefused() {
    assertThatThrownBy(() -> StoredDecision.parse("{\"version\":1,\"surprise\":true}"))
        .isInstanceOf(DecisionException.class)
        .hasMessageStartingWith("not a stored decision:");
    assertThatThrownBy(() -> StoredDecision.parse("not json"))
        .isInstanceOf(DecisionException.class);
    assertThatThrownBy(() -> StoredDecision.parse("null")).isInstanceOf(DecisionException.class);
    assertThatThrownBy(() -> StoredDecision.parse("{}")).isInstanceOf(DecisionException.class);
  }

  @Test
  void theDigestTellsInputsApart() {
    Decision other = Inputs.decide(Inputs.withRequests(Inputs.request(Wish.ANY), 100_001));

    assertThat(other.inputsDigest()).isNotEqualTo(decision.inputsDigest());
    assertThat(Decider.decide(inputs).inputsDigest()).isEqualTo(decision.inputsDigest());
  }
}
