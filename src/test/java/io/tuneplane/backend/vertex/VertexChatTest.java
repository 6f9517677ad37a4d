package io.tuneplane.backend.vertex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.ChatRequest;
import io.tuneplane.backend.ChatSink;
import io.tuneplane.backend.ChatSummary;
import io.tuneplane.backend.DeploymentHandle;
import io.tuneplane.backend.DeploymentSpec;
import io.tuneplane.backend.DeploymentState;
import io.tuneplane.backend.GateResult;
import io.tuneplane.backend.TrainedModel;
import io.tuneplane.backend.vertex.VertexFake.Answer;
import io.tuneplane.backend.vertex.VertexFake.ChatScript;
import io.tuneplane.dataset.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Chat completions as generateContent, and answers that don't end well.
class VertexChatTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private Path directory;
  private GooglePlace place;
  private VertexServing backend;
  private final List<String> pieces = new ArrayList<>();

  @BeforeEach
  void open() throws IOException {
    place = new GooglePlace(directory);
    backend = place.serving();
  }

  @AfterEach
  void close() {
    backend.close();
    place.close();
  }

  @Test
  void aRequestIsTranslated() throws IOException {
    ChatRequest request =
        new ChatRequest(
            List.of(
                Message.of("system", "Be kind."),
                Message.of("system", "Be short."),
                Message.of("user", "Hi"),
                Message.of("assistant", "Hello"),
                Message.of("user", "Where is it?")),
            OptionalInt.of(7),
            OptionalDouble.of(0.5),
            OptionalDouble.of(0.25),
            OptionalLong.of(42),
            List.of("END", "\n\n"),
            OptionalInt.empty());

    ChatSummary summary = chat(base(), request, pieces::add);

    assertThat(String.join("", pieces)).isEqualTo("You said: Where is it?");
    assertThat(summary).isEqualTo(new ChatSummary("stop", 11, 5, 5));
    assertThat(asked().path())
        .isEqualTo(
            "/v1/"
                + VertexFake.PARENT
                + "/publishers/google/models/gemini-3.5-flash:streamGenerateContent");
    assertThat(asked().body())
        .isEqualTo(
            JSON.readTree(
                """
                {"contents": [{"role": "user", "parts": [{"text": "Hi"}]},
                              {"role": "model", "parts": [{"text": "Hello"}]},
                              {"role": "user", "parts": [{"text": "Where is it?"}]}],
                 "systemInstruction": {"role": "system", "parts": [{"text": "Be kind.\\n\\nBe short."}]},
                 "generationConfig": {"temperature": 0.5, "topP": 0.25, "maxOutputTokens": 7,
                                      "stopSequences": ["END", "\\n\\n"], "seed": 42}}
                """));
  }

  @ParameterizedTest
  @CsvSource({
    "STOP, stop",
    "SAFETY, content_filter",
    "PROHIBITED_CONTENT, content_filter",
    "RECITATION, content_filter",
    "SOMETHING_NEW, stop",
  })
  void reasonsAreTranslated(String google, String ours) {
    place.vertex.answers(new ChatScript(google, -1, -1, 0));

    assertThat(chat(base(), greedy("Hi"), pieces::add).finishReason()).isEqualTo(ours);
  }

  @ParameterizedTest
  @CsvSource({"2, -1", "-1, 2"})
  void anAnswerThatBreaksOffIsNoAnswer(int breakAfter, int endAfter) {
    place.vertex.answers(new ChatScript("STOP", breakAfter, endAfter, 0));

    assertThatThrownBy(() -> chat(base(), greedy("one two three"), pieces::add))
        .isInstanceOf(BackendException.Unavailable.class);

    assertThat(pieces)
        .as("what came before the break was handed on")
        .containsExactly("You ", "said: ");
    assertThat(place.vertex.requests("POST", ":streamGenerateContent")).hasSize(1);
  }

  @Test
  void nobodyWaitsForAPieceThatNobodyWants() throws InterruptedException {
    place.vertex.answers(new ChatScript("STOP", -1, -1, 60_000));
    Thread test = Thread.currentThread();
    ChatSink leaves =
        new ChatSink() {
          @Override
          public void text(String piece) {
            pieces.add(piece);
          }

          @Override
          public boolean cancelled() {
            // Only the watcher leaves: the reader is waiting for the second piece by then.
            return Thread.currentThread() != test && !pieces.isEmpty();
          }
        };
    long start = System.nanoTime();

    ChatSummary summary = chat(base(), greedy("one two three"), leaves);

    assertThat(summary.finishReason()).isEqualTo("cancelled");
    assertThat(summary.completionTokens()).isEqualTo(1);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    assertThat(pieces).containsExactly("You ");
  }

  @Test
  void aBlockedPromptIsRefusedInGooglesWords() {
    place.vertex.plan(
        "chat",
        new Answer(
            200,
            "text/event-stream",
            "data: {\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"}}\n\n",
            Map.of()));

    assertThatThrownBy(() -> chat(base(), greedy("Hi"), pieces::add))
        .isInstanceOf(BackendException.Rejected.class)
        .hasMessageContaining("PROHIBITED_CONTENT");
  }

  @Test
  void anErrorInTheStreamIsAnError() {
    place.vertex.plan(
        "chat",
        new Answer(
            200,
            "text/event-stream",
            "data: {\"error\":{\"code\":503,\"message\":\"overloaded\",\"status\":\"UNAVAILABLE\"}}\n\n",
            Map.of()));

    assertThatThrownBy(() -> chat(base(), greedy("Hi"), pieces::add))
        .isInstanceOf(BackendException.Unavailable.class)
        .hasMessageContaining("overloaded");
  }

  @Test
  void whatHasNoPlaceThereIsRefusedBeforeAnythingIsSent() {
    List<List<Message>> refused =
        List.of(
            List.of(),
            List.of(Message.of("system", "only")),
            List.of(Message.of("user", "a"), Message.of("system", "late")),
            List.of(Message.of("user", "a"), Message.of("tool", "b")));

    for (List<Message> messages : refused) {
      assertThatThrownBy(() -> chat(base(), ChatRequest.greedy(messages, 4), pieces::add))
          .as("%s", messages)
          .isInstanceOf(BackendException.Rejected.class);
    }
    assertThat(place.vertex.requests()).isEmpty();
  }

  @Test
  void aTunedModelAnswersAtItsEndpointAndIsSeenThere() {
    DeploymentSpec spec = tuned();
    place.vertex.strangersJob();
    DeploymentHandle deployment = backend.deploy(spec);

    assertThat(backend.gate(spec))
        .isInstanceOfSatisfying(GateResult.Stated.class, g -> assertThat(g.passed()).isTrue());
    assertThat(backend.observe(deployment)).isEqualTo(new DeploymentState.Ready(1, 1));
    assertThat(place.vertex.requests("POST", ":streamGenerateContent")).as("unpaid").isEmpty();

    chat(deployment, greedy("Hi"), pieces::add);

    assertThat(asked().path()).contains("/endpoints/1000:streamGenerateContent");
    assertThat(asked().body().at("/generationConfig/thinkingConfig/thinkingBudget").asInt(-1))
        .isZero();
  }

  @Test
  void aTunedModelThatWasRemovedIsGone() {
    DeploymentHandle deployment = backend.deploy(tuned());

    assertThat(backend.observe(deployment)).isEqualTo(new DeploymentState.Gone());
    assertThat(backend.gate(tuned()).passed()).isFalse();
    assertThatThrownBy(() -> chat(deployment, greedy("Hi"), pieces::add))
        .isInstanceOf(BackendException.RunLost.class);
  }

  @Test
  void aRetiredModelIsNotServed() {
    assertThatThrownBy(() ->
            backend.deploy(
                new DeploymentSpec("old", "gemini-2.5-flash", Optional.empty(), Optional.empty())))
        .isInstanceOf(BackendException.Rejected.class)
        .hasMessageContaining("2026-10-20");
  }

  private static DeploymentSpec tuned() {
    TrainedModel model =
        new TrainedModel(
            VertexFake.PARENT + "/endpoints/1000?model=" + VertexFake.PARENT + "/models/1000@1",
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return new DeploymentSpec(
        "ft:gemini-3.5-flash:default:support:a1b2c3d4",
        GooglePlace.MODEL,
        Optional.of(model),
        Optional.empty());
  }

  private DeploymentHandle base() {
    return backend.deploy(
        new DeploymentSpec("gemini", GooglePlace.MODEL, Optional.empty(), Optional.empty()));
  }

  private static ChatRequest greedy(String text) {
    return ChatRequest.greedy(List.of(Message.of("user", text)), 200);
  }

  private ChatSummary chat(DeploymentHandle deployment, ChatRequest request, ChatSink sink) {
    return backend.chat(
        deployment, request, GooglePlace.leave("vertex", deployment.remoteId(), "prompt"), sink);
  }

  private VertexFake.Seen asked() {
    return place.vertex.requests("POST", ":streamGenerateContent").getLast();
  }
}
