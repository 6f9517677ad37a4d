package io.tuneplane.runner.serve;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.tuneplane.runner.serve.engine.Answer;
import io.tuneplane.runner.serve.engine.Piece;
import io.tuneplane.runner.serve.engine.TokenLogprob;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// `/v1/chat/completions`.
final class ChatRoute {

  /// How long a stream may be silent before it is seen whether the client is still there.
  private static final Duration SILENCE = Duration.ofSeconds(1);

  private final ServedModel model;
  private final InstantSource clock;
  private final RandomGenerator seeds;

  ChatRoute(ServedModel model, InstantSource clock, RandomGenerator seeds) {
    this.model = model;
    this.clock = clock;
    this.seeds = seeds;
  }

  void routes(HttpRules rules) {
    rules.post("/v1/chat/completions", this::complete);
  }

  private void complete(ServerRequest request, ServerResponse response) {
    ChatCall call =
        ChatCall.read(
            new RequestFields(ApiJson.read(Bodies.read(request))),
            model.engine().maxContext(),
            seeds);
    Answer answer = model.answer(call);
    CompletionJson json =
        new CompletionJson(
            "chatcmpl-" + UUID.randomUUID(),
            clock.instant().getEpochSecond(),
            call.model(),
            model.base().tokenizer());
    try {
      if (call.stream()) {
        stream(call, answer, json, response);
      } else {
        whole(call, answer, json, response);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // the client left
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApiException.ending("The server is ending.");
    } finally {
      answer.cancel();
    }
  }

  private static void whole(
      ChatCall call, Answer answer, CompletionJson json, ServerResponse response)
      throws InterruptedException {
    StringBuilder text = new StringBuilder();
    List<TokenLogprob> logprobs = new ArrayList<>();
    while (true) {
      switch (answer.next()) {
        case Piece.Text(String piece, List<TokenLogprob> tokens) -> {
          text.append(piece);
          logprobs.addAll(tokens);
        }
        case Piece.End end -> {
          Optional<List<TokenLogprob>> asked =
              call.topLogprobs().isPresent() ? Optional.of(logprobs) : Optional.empty();
          Bodies.send(response, 200, json.completion(text.toString(), asked, end));
          return;
        }
        case Piece.Broken(String message) -> throw ApiException.internal(message);
      }
    }
  }

  private static void stream(
      ChatCall call, Answer answer, CompletionJson json, ServerResponse response)
      throws IOException, InterruptedException {
    response.header("Content-Type", "text/event-stream; charset=utf-8");
    response.header("Cache-Control", "no-cache");
    try (OutputStream out = response.outputStream()) {
      EventStream events = new EventStream(out);
      events.event(json.opening());
      boolean open = true;
      while (open) {
        Optional<Piece> piece = answer.next(SILENCE);
        if (piece.isEmpty()) {
          events.probe();
        } else {
          open = send(piece.get(), call, json, events);
        }
      }
    }
  }

  /// Returns whether more is to come.
  private static boolean send(Piece piece, ChatCall call, CompletionJson json, EventStream events)
      throws IOException {
    return switch (piece) {
      case Piece.Text text -> {
        events.event(json.delta(text));
        yield true;
      }
      case Piece.End end -> {
        events.event(json.closing(end));
        if (call.includeUsage()) {
          events.event(json.usageOnly(end));
        }
        events.done();
        yield false;
      }
      case Piece.Broken(String message) -> {
        events.event(ApiJson.error(ApiException.internal(message)));
        yield false;
      }
    };
  }
}
