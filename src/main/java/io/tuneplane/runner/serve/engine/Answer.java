package io.tuneplane.runner.serve.engine;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// An answer that is being made. One thread reads it; any may cancel it.
public final class Answer {

  // Bounded by the answer's length: a reader that is slow holds no one up.
  private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
  private volatile boolean cancelled;

  /// The next piece; waits for it. After [Piece.End] or [Piece.Broken] there is none.
  public Piece next() throws InterruptedException {
    return pieces.take();
  }

  /// The next piece, if there is one within the time.
  public Optional<Piece> next(Duration patience) throws InterruptedException {
    return Optional.ofNullable(pieces.poll(patience.toMillis(), TimeUnit.MILLISECONDS));
  }

  /// Asks the engine to stop; its last piece is then an [Piece.End] with [FinishReason#ABORT], or
  /// the one that was on its way.
  public void cancel() {
    cancelled = true;
  }

  boolean cancelled() {
    return cancelled;
  }

  void add(Piece piece) {
    pieces.add(piece);
  }
}
