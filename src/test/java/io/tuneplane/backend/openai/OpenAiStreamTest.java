package io.tuneplane.backend.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.ChatRequest;
import io.tuneplane.backend.ChatSink;
import io.tuneplane.backend.ChatSummary;
import io.tuneplane.backend.DeploymentHandle;
import io.tuneplane.backend.TokenLogprob;
import io.tuneplane.backend.openai.FakeChat.Trouble;
import io.tuneplane.dataset.Message;
import io.tuneplane.policy.TestClearances;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Answers that break off, on either side.
class OpenAiStreamTest {

  private static final Duration PROMPTLY = Duration.ofSeconds(1);

  @TempDir Path directory;
  private OpenAiPlace place;
  private OpenAiServing serving;

  @BeforeEach
  void open() throws IOException {
    place = new OpenAiPlace(directory);
    serving = place.serving();
  }

  @AfterEach
  void close() {
    serving.close();
    place.close();
  }

  @ParameterizedTest // F24
  @EnumSource(names = {"RESET", "SILENT_END", "ERROR_EVENT"})
  void anAnswerThatBreaksOffHasNoEnd(Trouble trouble) {
    place.host.chat(new FakeChat(trouble, 2));
    List<String> pieces = new ArrayList<>();

    assertThatThrownBy(() -> chat(pieces::add))
        .isInstanceOf(BackendException.Unavailable.class)
        .hasMessageContaining("broke off after 2 pieces");

    assertThat(pieces).containsExactly("You ", "said: ");
  }

  @Test // F25
  void whoeverHasHadEnoughIsNoticedWhileTheHostIsSilent() throws Exception {
    FakeChat stalling = new FakeChat(Trouble.STALL, 1);
    place.host.chat(stalling);
    List<String> pieces = new ArrayList<>();
    long[] askedAt = new long[1];
    ChatSink leaves =
        new ChatSink() {
          @Override
          public void text(String piece) {
            pieces.add(piece);
            askedAt[0] = System.nanoTime();
          }

          @Override
          public boolean cancelled() {
            return !pieces.isEmpty();
          }
        };

    ChatSummary summary = chat(leaves);
    long leftAt = stalling.leftAt().get(5, TimeUnit.SECONDS);

    assertThat(summary.finishReason()).isEqualTo("cancelled");
    assertThat(pieces).hasSize(1);
    assertThat(Duration.ofNanos(leftAt - askedAt[0])).isLessThan(PROMPTLY);
  }

  @Test
  void usageIsTheHosts() {
    ChatSummary summary = chat(_ -> {});

    assertThat(summary).isEqualTo(new ChatSummary("stop", 4, 6, 1));
  }

  @Test
  void logProbabilitiesAreTheHosts() {
    List<TokenLogprob> tokens = new ArrayList<>();
    ChatSink sink =
        new ChatSink() {
          @Override
          public void text(String piece) {}

          @Override
          public void text(String piece, List<TokenLogprob> of) {
            tokens.addAll(of);
          }
        };
    ChatRequest greedy = ChatRequest.greedy(List.of(Message.of("user", "hi")), 100);

    chat(
        new ChatRequest(
            greedy.messages(),
            greedy.maxTokens(),
            greedy.temperature(),
            greedy.topP(),
            greedy.seed(),
            greedy.stop(),
            OptionalInt.of(1)),
        sink);

    assertThat(tokens).extracting(TokenLogprob::token).containsExactly("You ", "said: ", "hi");
    TokenLogprob last = new TokenLogprob("hi", -0.5, List.of(104, 105), List.of());
    assertThat(tokens.getLast())
        .isEqualTo(new TokenLogprob("hi", -0.5, List.of(104, 105), List.of(last)));
  }

  private ChatSummary chat(ChatSink sink) {
    return chat(ChatRequest.greedy(List.of(Message.of("user", "where is my order")), 100), sink);
  }

  private ChatSummary chat(ChatRequest request, ChatSink sink) {
    return serving.chat(
        new DeploymentHandle("openai", OpenAiPlace.MODEL),
        request,
        TestClearances.egress(
            "openai", OpenAiPlace.MODEL, "prompt", place.host.instant().plusSeconds(60)),
        sink);
  }
}
