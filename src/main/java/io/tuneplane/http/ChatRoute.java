package io.tuneplane.http;

import io.tuneplane.api.ModelsApi;
import io.tuneplane.backend.ChatSummary;
import io.tuneplane.backend.TokenLogprob;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// `/v1/chat/completions`, whole or as a stream. Neither prompt nor answer is kept or logged.
final class ChatRoute {

  private static final String CANCELLED = "cancelled";

  /// How often a stream waits for the first piece before it begins: what fails until then is told
  /// by a status, what fails later by an event.
  private static final int PATIENT_PROBES = 4;

  private final InstantSource clock;
  private final int mostMessages;
  private final Duration probe;

  ChatRoute(InstantSource clock, HttpSettings settings) {
    this.clock = clock;
    this.mostMessages = settings.sizes().messages();
    this.probe = settings.times().probe();
  }

  void handlers(Handlers handlers) {
    handlers.on(Route.CHAT, this::complete);
  }

  private Answer complete(Call call) throws IOException {
    ChatBody body = ChatBody.read(call.json(), mostMessages);
    CompletionJson json =
        new CompletionJson(
            "chatcmpl-" + UUID.randomUUID().toString().replace("-", ""),
            clock.instant().getEpochSecond(),
            body.model(),
            body.includeUsage());
    ModelsApi models = call.api().models();
    return body.stream() ? stream(models, body, json) : whole(call, body, json);
  }

  /// Waits for the whole answer, as long as the client does.
  private Answer whole(Call call, ChatBody body, CompletionJson json) throws IOException {
    ModelsApi models = call.api().models();
    StringBuilder text = new StringBuilder();
    List<TokenLogprob> tokens = new ArrayList<>();
    try (Relay<ChatPiece, ChatSummary> relay = answer(models, body, json)) {
      while (true) {
        Optional<Relay.Item<ChatPiece, ChatSummary>> item = relay.next(probe);
        if (item.isEmpty() || item.get() instanceof Relay.Item.Piece<ChatPiece, ChatSummary>) {
          call.requireClient();
        }
        if (item.isPresent()) {
          switch (item.get()) {
            case Relay.Item.Piece<ChatPiece, ChatSummary>(ChatPiece piece) -> {
              text.append(piece.text());
              tokens.addAll(piece.tokens());
            }
            case Relay.Item.End<ChatPiece, ChatSummary>(ChatSummary summary) -> {
              return whole(models, text.toString(), tokens, summary, body, json);
            }
            case Relay.Item.Broken<ChatPiece, ChatSummary>(RuntimeException failure) ->
                throw failure;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ending();
    }
  }

  private static Answer whole(
      ModelsApi models,
      String text,
      List<TokenLogprob> tokens,
      ChatSummary summary,
      ChatBody body,
      CompletionJson json) {
    if (summary.finishReason().equals(CANCELLED)) {
      throw ending();
    }
    boolean wanted = body.request().topLogprobs().isPresent();
    return new Answer.Body(
        200,
        json.completion(text, wanted ? Optional.of(tokens) : Optional.empty(), summary),
        sunset(models, body));
  }

  private static Relay<ChatPiece, ChatSummary> answer(
      ModelsApi models, ChatBody body, CompletionJson json) {
    return Relay.start(
        json.id(), sink -> models.chat(body.model(), body.request(), ChatPiece.into(sink)));
  }

  private static Refusal ending() {
    return Refusal.server(503, "ending", "The answer was cut off: the server is ending.");
  }

  /// Clients of a model that will stop are told with every answer.
  private static Map<String, String> sunset(ModelsApi models, ChatBody body) {
    return ModelsRoutes.sunset(models.end(body.model()));
  }

  private Answer stream(ModelsApi models, ChatBody body, CompletionJson json) {
    Relay<ChatPiece, ChatSummary> relay = answer(models, body, json);
    try {
      Optional<Relay.Item<ChatPiece, ChatSummary>> first =
          relay.next(probe.multipliedBy(PATIENT_PROBES));
      if (first.isPresent()
          && first.get()
              instanceof Relay.Item.Broken<ChatPiece, ChatSummary>(RuntimeException failure)) {
        relay.close();
        throw failure;
      }
      return new Answer.Events(out -> send(relay, first, json, out), sunset(models, body));
    } catch (InterruptedException e) {
      relay.close();
      Thread.currentThread().interrupt();
      throw ending();
    }
  }

  private void send(
      Relay<ChatPiece, ChatSummary> relay,
      Optional<Relay.Item<ChatPiece, ChatSummary>> first,
      CompletionJson json,
      EventStream out)
      throws IOException {
    try (relay) {
      out.data(json.opening());
      boolean open = first.isEmpty() || send(first.get(), json, out);
      while (open) {
        Optional<Relay.Item<ChatPiece, ChatSummary>> item = relay.next(probe);
        if (item.isEmpty()) {
          out.probe();
        } else {
          open = send(item.get(), json, out);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Returns whether more is to come. A stream whose answer broke off ends with the error, never
  /// with what a whole one ends with.
  private static boolean send(
      Relay.Item<ChatPiece, ChatSummary> item, CompletionJson json, EventStream out)
      throws IOException {
    return switch (item) {
      case Relay.Item.Piece<ChatPiece, ChatSummary>(ChatPiece piece) -> {
        out.data(json.delta(piece));
        yield true;
      }
      case Relay.Item.End<ChatPiece, ChatSummary>(ChatSummary summary) -> {
        end(summary, json, out);
        yield false;
      }
      case Relay.Item.Broken<ChatPiece, ChatSummary>(RuntimeException failure) -> {
        out.data(Failures.of(failure, json.id()).json());
        yield false;
      }
    };
  }

  private static void end(ChatSummary summary, CompletionJson json, EventStream out)
      throws IOException {
    if (summary.finishReason().equals(CANCELLED)) {
      out.data(ending().json());
      return;
    }
    out.data(json.closing(summary));
    if (json.withUsage()) {
      out.data(json.usageOnly(summary));
    }
    out.done();
  }
}
