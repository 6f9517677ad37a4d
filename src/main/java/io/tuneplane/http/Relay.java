package io.tuneplane.http;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Takes pieces from one thread, which makes them, to another, which sends them: so that the sender
/// can look after its client while nothing is made. Closing it stops the maker.
///
/// @param <T> a piece
/// @param <R> what comes at the end
final class Relay<T, R> implements AutoCloseable {

  private static final int AHEAD = 256;

  /// What the maker hands over.
  sealed interface Item<T, R> {

    /// One of the pieces.
    record Piece<T, R>(T piece) implements Item<T, R> {}

    /// There are no more.
    record End<T, R>(R result) implements Item<T, R> {}

    /// There are no more, because something failed.
    record Broken<T, R>(RuntimeException failure) implements Item<T, R> {}
  }

  /// Takes pieces.
  interface Sink<T> {

    /// Waits while the sender is far behind.
    void piece(T piece);

    /// Whether nobody wants any more.
    boolean closed();
  }

  /// Makes pieces.
  interface Maker<T, R> {
    R make(Sink<T> sink);
  }

  private final BlockingQueue<Item<T, R>> items = new ArrayBlockingQueue<>(AHEAD);
  private final Thread thread;
  private volatile boolean closed;

  private Relay(String name, Maker<T, R> maker) {
    this.thread = Thread.ofVirtual().name(name).unstarted(() -> run(maker));
  }

  static <T, R> Relay<T, R> start(String name, Maker<T, R> maker) {
    Relay<T, R> relay = new Relay<>(name, maker);
    relay.thread.start();
    return relay;
  }

  private void run(Maker<T, R> maker) {
    try {
      R result = maker.make(sink(() -> closed));
      put(new Item.End<>(result));
    } catch (RuntimeException e) {
      put(new Item.Broken<>(e));
    }
  }

  private Sink<T> sink(BooleanSupplier isClosed) {
    return new Sink<>() {
      @Override
      public void piece(T piece) {
        put(new Item.Piece<>(piece));
      }

      @Override
      public boolean closed() {
        return isClosed.getAsBoolean();
      }
    };
  }

  private void put(Item<T, R> item) {
    try {
      while (!closed && !items.offer(item, 1, TimeUnit.SECONDS)) {
        Thread.onSpinWait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed: nobody reads any more
    }
  }

  /// The next item.
  ///
  /// @return empty if none came in that time
  Optional<Item<T, R>> next(Duration wait) throws InterruptedException {
    return Optional.ofNullable(items.poll(wait.toMillis(), TimeUnit.MILLISECONDS));
  }

  /// Stops the maker, if it is still at work.
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
