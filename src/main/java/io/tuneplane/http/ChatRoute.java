package io.tuneplane.http;

import io.tuneplane.api.ModelsApi;
import io.tuneplane.backend.ChatSink;
import io.tuneplane.backend.ChatSummary;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
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

  private Answer complete(Call call) {
    ChatBody body = ChatBody.read(call.json(), mostMessages);
    CompletionJson json =
        new CompletionJson(
            "chatcmpl-" + UUID.randomUUID().toString().replace("-", ""),
            clock.instant().getEpochSecond(),
            body.model(),
            body.includeUsage());
    ModelsApi models = call.api().models();
    return body.stream() ? stream(models, body, json) : whole(models, body, json);
  }

  private static Answer whole(ModelsApi models, ChatBody body, CompletionJson json) {
    StringBuilder text = new StringBuilder();
    ChatSummary summary = models.chat(body.model(), body.request(), text::append);
    if (summary.finishReason().equals(CANCELLED)) {
      throw Refusal.server(503, "ending", "The answer was cut off: the server is ending.");
    }
    return new Answer.Body(200, json.completion(text.toString(), summary), sunset(models, body));
  }

  /// Clients of a model that will stop are told with every answer.
  private static Map<String, String> sunset(ModelsApi models, ChatBody body) {
    return ModelsRoutes.sunset(models.end(body.model()));
  }

  private Answer stream(ModelsApi models, ChatBody body, CompletionJson json) {
    Relay<String, ChatSummary> relay =
        Relay.start(json.id(), sink -> models.chat(body.model(), body.request(), new Pieces(sink)));
    try {
      Optional<Relay.Item<String, ChatSummary>> first =
          relay.next(probe.multipliedBy(PATIENT_PROBES));
      if (first.isPresent()
          && first.get()
              instanceof Relay.Item.Broken<String, ChatSummary>(RuntimeException failure)) {
        relay.close();
        throw failure;
      }
      return new Answer.Events(out -> send(relay, first, json, out), sunset(models, body));
    } catch (InterruptedException e) {
      relay.close();
      Thread.currentThread().interrupt();
      throw Refusal.server(503, "ending", "The server is ending.");
    }
  }

  private void send(
      Relay<String, ChatSummary> relay,
      Optional<Relay.Item<String, ChatSummary>> first,
      CompletionJson json,
      EventStream out)
      throws IOException {
    try (relay) {
      out.data(json.opening());
      boolean open = first.isEmpty() || send(first.get(), json, out);
      while (open) {
        Optional<Relay.Item<String, ChatSummary>> item = relay.next(probe);
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
      Relay.Item<String, ChatSummary> item, CompletionJson json, EventStream out)
      throws IOException {
    return switch (item) {
      case Relay.Item.Piece<String, ChatSummary>(String text) -> {
        out.data(json.delta(text));
        yield true;
      }
      case Relay.Item.End<String, ChatSummary>(ChatSummary summary) -> {
        end(summary, json, out);
        yield false;
      }
      case Relay.Item.Broken<String, ChatSummary>(RuntimeException failure) -> {
        out.data(Failures.of(failure, json.id()).json());
        yield false;
      }
    };
  }

  private static void end(ChatSummary summary, CompletionJson json, EventStream out)
      throws IOException {
    if (summary.finishReason().equals(CANCELLED)) {
      out.data(
          Refusal.server(503, "ending", "The answer was cut off: the server is ending.").json());
      return;
    }
    out.data(json.closing(summary));
    if (json.withUsage()) {
      out.data(json.usageOnly(summary));
    }
    out.done();
  }

  /// Hands a model's pieces on.
  private record Pieces(Relay.Sink<String> sink) implements ChatSink {

    @Override
    public void text(String piece) {
      sink.piece(piece);
    }

    @Override
    public boolean cancelled() {
      return sink.closed();
    }
  }
}
