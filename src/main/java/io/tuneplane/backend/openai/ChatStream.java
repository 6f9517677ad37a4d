package io.tuneplane.backend.openai;

import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionTokenLogprob;
import com.openai.models.completions.CompletionUsage;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.ChatSink;
import io.tuneplane.backend.ChatSummary;
import io.tuneplane.backend.TokenLogprob;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One streamed answer. A thread of its own reads from the host, so that a caller who has had
/// enough is noticed while the host is silent, too; the sink is called by the caller's thread only.
final class ChatStream {

  /// How often the sink is asked whether it has had enough, where no piece comes.
  static final Duration ATTENTION = Duration.ofMillis(200);

  private final ChatSink sink;
  private final Failures failures;
  private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
  private final CompletableFuture<StreamResponse<ChatCompletionChunk>> opened =
      new CompletableFuture<>();
  private int told;
  private @Nullable String finish;
  private @Nullable CompletionUsage usage;

  ChatStream(ChatSink sink, Failures failures) {
    this.sink = sink;
    this.failures = failures;
  }

  /// What the reading thread hands over.
  private sealed interface Piece {
    record Chunk(ChatCompletionChunk chunk) implements Piece {}

    record End() implements Piece {}

    record Broken(RuntimeException failure) implements Piece {}
  }

  /// Reads the answer to its end, or until the sink has had enough.
  ///
  /// @param open sends the request
  /// @throws BackendException.Unavailable if the answer breaks off
  ChatSummary read(Supplier<StreamResponse<ChatCompletionChunk>> open) {
    Thread reader = Thread.ofVirtual().name("openai-answer").start(() -> readAll(open));
    try {
      return take();
    } finally {
      reader.interrupt();
      CompletableFuture<Void> _ = opened.thenAccept(StreamResponse::close);
    }
  }

  private void readAll(Supplier<StreamResponse<ChatCompletionChunk>> open) {
    try {
      StreamResponse<ChatCompletionChunk> response = open.get();
      opened.complete(response);
      Iterator<ChatCompletionChunk> chunks = response.stream().iterator();
      while (chunks.hasNext()) {
        pieces.add(new Piece.Chunk(chunks.next()));
      }
      pieces.add(new Piece.End());
    } catch (RuntimeException e) {
      pieces.add(new Piece.Broken(e));
    }
  }

  private ChatSummary take() {
    while (true) {
      if (sink.cancelled()) {
        return summary("cancelled");
      }
      switch (next()) {
        case null -> {}
        case Piece.Chunk(ChatCompletionChunk chunk) -> failures.of("chat", () -> tell(chunk));
        case Piece.End _ -> {
          return ended();
        }
        case Piece.Broken(RuntimeException failure) -> throw broken(failure);
      }
    }
  }

  private @Nullable Piece next() {
    try {
      return pieces.poll(ATTENTION.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackendException.Unavailable(OpenAiSettings.NAME, "chat", "was interrupted", e);
    }
  }

  private boolean tell(ChatCompletionChunk chunk) {
    chunk.usage().ifPresent(u -> usage = u);
    for (ChatCompletionChunk.Choice choice : chunk.choices()) {
      String text = choice.delta().content().orElse("");
      List<TokenLogprob> tokens =
          choice.logprobs().flatMap(ChatCompletionChunk.Choice.Logprobs::content).stream()
              .flatMap(List::stream)
              .map(ChatStream::token)
              .toList();
      if (!text.isEmpty() || !tokens.isEmpty()) {
        told++;
        sink.text(text, tokens);
      }
      choice.finishReason().ifPresent(reason -> finish = reason.asString());
    }
    return true;
  }

  private static TokenLogprob token(ChatCompletionTokenLogprob token) {
    List<TokenLogprob> top =
        token.topLogprobs().stream()
            .map(t -> new TokenLogprob(t.token(), t.logprob(), bytes(t.bytes()), List.of()))
            .toList();
    return new TokenLogprob(token.token(), token.logprob(), bytes(token.bytes()), top);
  }

  private static List<Integer> bytes(Optional<List<Long>> bytes) {
    return bytes.orElse(List.of()).stream().map(Math::toIntExact).toList();
  }

  /// The host has closed the stream. Only if it has said why the answer ends, that is its end.
  private ChatSummary ended() {
    String reason = finish;
    if (reason == null) {
      throw new BackendException.Unavailable(
          OpenAiSettings.NAME, "chat", "the answer broke off after " + told + " pieces");
    }
    return summary(reason);
  }

  private ChatSummary summary(String reason) {
    CompletionUsage used = usage;
    if (used == null) {
      return new ChatSummary(reason, 0, told, 0);
    }
    long cached =
        used.promptTokensDetails()
            .flatMap(CompletionUsage.PromptTokensDetails::cachedTokens)
            .orElse(0L);
    return new ChatSummary(
        reason,
        Math.toIntExact(used.promptTokens()),
        Math.toIntExact(used.completionTokens()),
        Math.toIntExact(cached));
  }

  /// What broke it; once the answer has begun, whatever the host says of it is an outage.
  private RuntimeException broken(RuntimeException failure) {
    try {
      failures.of(
          "chat",
          () -> {
            throw failure;
          });
      return failure;
    } catch (BackendException e) {
      return told == 0
          ? e
          : new BackendException.Unavailable(
              OpenAiSettings.NAME,
              "chat",
              "the answer broke off after %d pieces: %s".formatted(told, e.getMessage()),
              e);
    }
  }
}
