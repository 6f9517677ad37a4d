package io.tuneplane.backend.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.ChatRequest;
import io.tuneplane.backend.DeploymentHandle;
import io.tuneplane.backend.DeploymentSpec;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.SubmissionKey;
import io.tuneplane.backend.TestSpecs;
import io.tuneplane.backend.TrainedModel;
import io.tuneplane.backend.TrainingSpec;
import io.tuneplane.dataset.Message;
import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.TestClearances;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is sent, to the letter.
class OpenAiWireTest {

  @TempDir Path directory;
  private OpenAiPlace place;
  private OpenAiTraining training;
  private OpenAiServing serving;

  @BeforeEach
  void open() throws IOException {
    place = new OpenAiPlace(directory);
    training = place.training();
    serving = place.serving();
  }

  @AfterEach
  void close() {
    training.close();
    serving.close();
    place.close();
  }

  @Test
  void aSupervisedJobIsAskedForWithAllThatItIs() throws Exception {
    submit(place.spec(), "ftjob-one");

    assertThat(created())
        .isEqualTo(
            json(
                """
                {"model": "gpt-4o-mini-2024-07-18", "training_file": "file-000001",
                 "validation_file": "file-000002", "suffix": "support", "seed": 7,
                 "metadata": {"team": "support", "tuneplane_mark": "ftjob-one"},
                 "method": {"type": "supervised", "supervised": {"hyperparameters":
                   {"n_epochs": 3, "batch_size": "auto", "learning_rate_multiplier": 1.0}}}}
                """));
  }

  @Test
  void aPreferenceJobIsAskedForWithItsBeta() throws Exception {
    submit(place.spec(Method.DPO, TestSpecs.hyperparameters(2)), "ftjob-two");

    assertThat(created().path("method"))
        .isEqualTo(
            json(
                """
                {"type": "dpo", "dpo": {"hyperparameters":
                   {"n_epochs": 2, "batch_size": "auto", "learning_rate_multiplier": 1.0, "beta": 0.1}}}
                """));
  }

  @Test
  void whatWasLeftAutomaticIsLeftToTheHost() throws Exception {
    TrainingSpec spec =
        with(
            place.spec(Method.DPO, TestSpecs.hyperparameters(2)),
            Set.of("batch_size", "learning_rate_multiplier", "beta"),
            Optional.empty());

    submit(spec, "ftjob-three");

    assertThat(created().path("method").path("dpo").path("hyperparameters"))
        .isEqualTo(
            json(
                """
                {"n_epochs": 2, "batch_size": "auto", "learning_rate_multiplier": "auto", "beta": "auto"}
                """));
  }

  @Test
  void aJobGoesOnFromATunedModelOfTheHost() throws Exception {
    String tuned = "ft:gpt-4o-mini-2024-07-18:org::abc";
    place.host.model(tuned, Optional.empty());
    TrainedModel start =
        new TrainedModel(tuned, Optional.empty(), Optional.empty(), Optional.empty());

    submit(with(place.spec(), Set.of(), Optional.of(start)), "ftjob-four");

    assertThat(created().path("model").asText()).isEqualTo(tuned);
  }

  @Test
  void filesAreUploadedOnceUnderTheDigestOfTheirBytes() throws Exception {
    submit(place.spec(), "ftjob-five");
    submit(place.spec(), "ftjob-six");

    assertThat(place.host.files()).isEqualTo(2);
    assertThat(new String(place.host.content("file-000001"), StandardCharsets.UTF_8))
        .isEqualTo(Files.readString(place.spec().trainingFile()));
    assertThat(
            place.host.exchanges().stream()
                .filter(e -> e.is("POST", "/files"))
                .map(e -> e.answer().path("filename").asText()))
        .hasSize(2)
        .allMatch(name -> name.matches("tuneplane-[0-9a-f]{64}\\.jsonl"));
  }

  @Test
  void whatIsInAnotherFormatLeavesInOpenAis() throws Exception {
    Path alpaca = directory.resolve("alpaca.jsonl");
    Files.writeString(
        alpaca, "{\"instruction\":\"Say hi\",\"input\":\"\",\"output\":\"hi\"}\n".repeat(12));
    TrainingSpec spec = place.spec();
    TrainingSpec converted =
        new TrainingSpec(
            spec.baseModel(),
            spec.method(),
            alpaca,
            spec.trainingDigest(),
            Optional.empty(),
            spec.hyperparameters(),
            spec.seed(),
            spec.suffix(),
            spec.startFrom(),
            spec.automatic(),
            spec.labels());

    submit(converted, "ftjob-seven");

    assertThat(new String(place.host.content("file-000001"), StandardCharsets.UTF_8).lines())
        .hasSize(12)
        .allMatch(line -> line.startsWith("{\"messages\":[{\"role\":\"user\""));
  }

  @Test
  void theAccountIsNamedAndTheMachineIsNot() throws Exception {
    submit(place.spec(), "ftjob-eight");

    assertThat(place.host.exchanges())
        .allSatisfy(e -> {
          assertThat(e.header("openai-organization")).isEqualTo("org-fake");
          assertThat(e.header("user-agent")).isEqualTo("tuneplane");
          assertThat(e.headers().keySet()).noneMatch(name -> name.startsWith("x-stainless"));
        });
  }

  @Test
  void aPromptIsAskedWithAllThatItIs() {
    ChatRequest request =
        new ChatRequest(
            List.of(Message.of("system", "Be brief."), Message.of("user", "Hi")),
            OptionalInt.of(5),
            OptionalDouble.of(0.5),
            OptionalDouble.of(0.9),
            OptionalLong.of(11),
            List.of("\n\n"),
            OptionalInt.of(2));
    StringBuilder text = new StringBuilder();

    serving.chat(
        new DeploymentHandle("openai", OpenAiPlace.MODEL), request, prompt(), text::append);

    assertThat(text.toString()).isEqualTo("You said: Hi");
    assertThat(
            place.host.exchanges().stream()
                .filter(e -> e.is("POST", "/chat/completions"))
                .findFirst()
                .orElseThrow()
                .body())
        .isEqualTo(
            json(
                """
                {"model": "gpt-4o-mini-2024-07-18", "stream": true,
                 "stream_options": {"include_usage": true},
                 "messages": [{"role": "system", "content": "Be brief."},
                              {"role": "user", "content": "Hi"}],
                 "max_tokens": 5, "temperature": 0.5, "top_p": 0.9, "seed": 11,
                 "stop": ["\\n\\n"], "logprobs": true, "top_logprobs": 2}
                """));
  }

  @Test
  void theGateAsksWhetherTheModelIsListedAndSendsNoPrompt() {
    DeploymentSpec listed = deployment(OpenAiPlace.MODEL);
    DeploymentSpec missing = deployment("ft:gpt-4o-mini-2024-07-18:org::none");

    assertThat(serving.gate(listed).passed()).isTrue();
    assertThat(serving.gate(listed).summary()).contains("will stop on 2027-01-14");
    assertThat(serving.gate(missing).passed()).isFalse();
    assertThat(place.host.exchanges()).noneMatch(e -> e.is("POST", ".*"));
    assertThat(serving.shutdownDate(OpenAiPlace.MODEL)).contains(LocalDate.parse("2027-01-14"));
  }

  @Test
  void leaveForOtherDataOrThatHasEndedSendsNothing() throws Exception {
    TrainingSpec spec = place.spec();
    Clearance other =
        TestClearances.egress(
            "openai", "e".repeat(64), "training", place.host.instant().plusSeconds(60));
    Clearance ended =
        TestClearances.egress("openai", spec.trainingDigest(), "training", place.host.instant());
    SubmissionKey key = new SubmissionKey("ftjob-nine");

    assertThatThrownBy(() -> training.submit(spec, key, other))
        .isInstanceOf(BackendException.Rejected.class);
    assertThatThrownBy(() -> training.submit(spec, key, ended))
        .isInstanceOf(BackendException.Rejected.class);
    assertThat(place.host.exchanges()).isEmpty();
  }

  private static DeploymentSpec deployment(String model) {
    return new DeploymentSpec(model, model, Optional.empty(), Optional.empty());
  }

  private static TrainingSpec with(
      TrainingSpec spec, Set<String> automatic, Optional<TrainedModel> start) {
    return new TrainingSpec(
        spec.baseModel(),
        spec.method(),
        spec.trainingFile(),
        spec.trainingDigest(),
        spec.validationFile(),
        spec.hyperparameters(),
        spec.seed(),
        spec.suffix(),
        start,
        automatic,
        spec.labels());
  }

  private void submit(TrainingSpec spec, String mark) {
    training.submit(
        spec,
        new SubmissionKey(mark),
        TestClearances.egress(
            "openai", spec.trainingDigest(), "training", place.host.instant().plusSeconds(60)));
  }

  private Clearance prompt() {
    return TestClearances.egress(
        "openai", OpenAiPlace.MODEL, "prompt", place.host.instant().plusSeconds(60));
  }

  private JsonNode created() {
    return place.host.exchanges().stream()
        .filter(e -> e.is("POST", "/fine_tuning/jobs"))
        .toList()
        .getLast()
        .body();
  }

  private static JsonNode json(String text) {
    try {
      return FakeAnswer.JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
