package io.tuneplane.runner.serve.engine;

import io.tuneplane.model.BaseModel;
import io.tuneplane.model.ModelConfig;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers many prompts at once. One platform thread (ONNX Runtime would pin a virtual one) runs
/// the model: in turn a part of a joining sequence's prompt, and one step of all the others. Safe
/// for many threads.
public final class Engine implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
  private static final long IDLE_MILLIS = 100;

  /// What ONNX Runtime's rotary embedding asks for.
  private static final int HEAD_MULTIPLE = 16;

  private final BaseModel model;
  private final ModelConfig config;
  private final DecoderSettings settings;
  private final Set<Integer> endTokens;
  private final BlockingQueue<Work> waiting;
  private final Thread thread;
  private volatile boolean closing;

  /// Loads the model and starts the engine.
  ///
  /// @param model stays the caller's to close, after the engine
  /// @throws EngineException if ONNX Runtime can't load it
  public Engine(BaseModel model, DecoderSettings settings, EngineSettings sharing) {
    this.model = model;
    this.config = model.config();
    this.settings = settings;
    this.endTokens = Set.copyOf(config.eosTokens());
    if (config.headDim() % HEAD_MULTIPLE != 0) {
      throw new EngineException(
          "This model's attention heads have %d values; only multiples of %d can be served."
              .formatted(config.headDim(), HEAD_MULTIPLE));
    }
    this.waiting = new ArrayBlockingQueue<>(sharing.queue());
    Decoder decoder = new Decoder(config, model.weights(), settings, true);
    this.thread = Thread.ofPlatform().name("engine").start(() -> run(decoder, sharing.chunk()));
  }

  /// Starts an answer.
  ///
  /// @throws RejectedExecutionException if too many are waiting, or the engine is ending
  /// @throws IllegalArgumentException if prompt and answer do not fit in the context
  public Answer generate(GenerationRequest request) {
    requireRoom(request.prompt().length, request.maxTokens());
    Answer answer = new Answer();
    submit(new Generation(request, model.tokenizer(), endTokens, answer));
    return answer;
  }

  /// Computes a given answer's log-probabilities.
  ///
  /// @throws RejectedExecutionException if too many are waiting, or the engine is ending
  /// @throws IllegalArgumentException if prompt and answer do not fit in the context
  public CompletableFuture<Score> score(int[] prompt, int[] answer, Optional<Adapter> adapter) {
    requireRoom(prompt.length, answer.length);
    CompletableFuture<Score> result = new CompletableFuture<>();
    submit(new Scoring(prompt, answer, adapter, result));
    return result;
  }

  /// The longest prompt and answer together, in tokens.
  public int maxContext() {
    return settings.maxContext();
  }

  /// Whether the engine is ending and takes no more requests.
  public boolean closing() {
    return closing;
  }

  private void requireRoom(int prompt, int answer) {
    if (prompt < 1 || answer < 1 || (long) prompt + answer > settings.maxContext()) {
      throw new IllegalArgumentException(
          "a prompt of %d and an answer of %d tokens do not fit in a context of %d"
              .formatted(prompt, answer, settings.maxContext()));
    }
  }

  private void submit(Work work) {
    if (closing) {
      throw new RejectedExecutionException("The server is ending.");
    }
    if (!waiting.offer(work)) {
      throw new RejectedExecutionException("Too many requests are waiting.");
    }
    // The engine may have ended, and emptied the queue, between the two lines above.
    if (closing && waiting.remove(work)) {
      throw new RejectedExecutionException("The server is ending.");
    }
  }

  private void run(Decoder decoder, int chunk) {
    try (decoder;
        Batch batch = new Batch(config, decoder, chunk)) {
      work(batch);
    } finally {
      closing = true;
      waiting.forEach(Work::abort);
    }
  }

  private void work(Batch batch) {
    try {
      while (!closing) {
        turn(batch);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      batch.clear().forEach(Work::abort);
    }
  }

  private void turn(Batch batch) throws InterruptedException {
    if (batch.canJoin()) {
      Work work = batch.empty() ? waiting.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS) : waiting.poll();
      if (work != null) {
        batch.join(work);
      }
    }
    try {
      batch.step();
    } catch (EngineException e) {
      LOG.error("A step failed; its requests end with an error", e);
      batch.clear().forEach(w -> w.fail("The engine failed."));
    }
  }

  /// Asks the engine to end, and returns at once: answers in the making are cut short with
  /// [FinishReason#ABORT].
  public void stop() {
    closing = true;
  }

  /// Ends the engine, and waits for it.
  @Override
  public void close() {
    stop();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true; // the native memory must not go before the thread that uses it
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
