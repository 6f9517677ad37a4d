package io.tuneplane.http;

import io.tuneplane.api.DeploymentCard;
import io.tuneplane.api.ModelCard;
import io.tuneplane.api.ModelsApi;
import io.tuneplane.api.NotFoundException;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.ChatRequest;
import io.tuneplane.backend.ChatSink;
import io.tuneplane.backend.ChatSummary;
import io.tuneplane.backend.TokenLogprob;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/// Models that answer by a script: `echo` says three pieces, `endless` goes on until it is
/// cancelled, `breaks` fails after two pieces, `down` at once, `silent` says nothing until it is
/// cancelled.
final class ScriptedModels implements ModelsApi {

  static final String OWN = "ft:smollm2-135m-instruct:default::ab12cd34";

  private final String organisation;
  private final CompletableFuture<Long> cancelledAt;
  private final CompletableFuture<ChatRequest> asked;

  /// @param cancelledAt gets the time at which a model noticed that nobody listens
  ScriptedModels(
      String organisation,
      CompletableFuture<Long> cancelledAt,
      CompletableFuture<ChatRequest> asked) {
    this.organisation = organisation;
    this.cancelledAt = cancelledAt;
    this.asked = asked;
  }

  @Override
  public List<ModelCard> list() {
    return List.of(
        card(OWN, Optional.of(LocalDate.of(2027, 1, 14))), card("echo", Optional.empty()));
  }

  @Override
  public ModelCard get(String model) {
    if (model.startsWith("ft:") && !organisation.equals("default")) {
      throw new NotFoundException("model", model);
    }
    return list().stream()
        .filter(card -> card.id().equals(model))
        .findFirst()
        .orElseThrow(() -> new NotFoundException("model", model));
  }

  @Override
  public Optional<LocalDate> end(String model) {
    return model.equals("echo") ? Optional.of(LocalDate.of(2027, 1, 14)) : Optional.empty();
  }

  private static ModelCard card(String id, Optional<LocalDate> end) {
    return new ModelCard(
        id,
        "model",
        1_800_000_000,
        "default",
        "tuned",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        end,
        end.map(day -> id + " stops on " + day));
  }

  @Override
  public void delete(String model) {
    get(model);
  }

  @Override
  public List<DeploymentCard> deployments() {
    return List.of(
        new DeploymentCard(OWN, "smollm2-135m-instruct", "local", "idle", Optional.empty(), 0, 0));
  }

  @Override
  public ChatSummary chat(String model, ChatRequest request, ChatSink sink) {
    asked.complete(request);
    return switch (model) {
      case "echo", OWN -> {
        for (String piece : List.of("Hello", ", ", "world")) {
          if (request.topLogprobs().isPresent()) {
            sink.text(piece, List.of(token(piece, request.topLogprobs().getAsInt())));
          } else {
            sink.text(piece);
          }
        }
        yield new ChatSummary("stop", 11, 3, 4);
      }
      case "slow" -> {
        for (int i = 0; i < 20; i++) {
          nap();
        }
        yield chat("echo", request, sink);
      }
      case "endless" -> {
        while (!sink.cancelled()) {
          sink.text("more ");
          nap();
        }
        cancelledAt.complete(System.nanoTime());
        yield new ChatSummary("cancelled", 1, 1, 0);
      }
      case "silent" -> {
        while (!sink.cancelled()) {
          nap();
        }
        cancelledAt.complete(System.nanoTime());
        yield new ChatSummary("cancelled", 1, 0, 0);
      }
      case "breaks" -> {
        sink.text("one");
        sink.text("two");
        throw new BackendException.Unavailable("local", "chat", "its server died");
      }
      case "down" -> throw new BackendException.Unavailable("local", "chat", "does not answer");
      case "secretive" ->
          throw new IllegalStateException("sk-provider-secret at http://10.0.0.7/internal");
      default -> throw new NotFoundException("model", model);
    };
  }

  private static TokenLogprob token(String text, int alternatives) {
    List<Integer> bytes = text.chars().boxed().toList();
    TokenLogprob alone = new TokenLogprob(text, -0.25, bytes, List.of());
    return new TokenLogprob(text, -0.25, bytes, java.util.Collections.nCopies(alternatives, alone));
  }

  private static void nap() {
    try {
      new CountDownLatch(1).await(20, java.util.concurrent.TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
