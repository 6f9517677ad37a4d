package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a cluster holds of one kind of ours, kept up to date by a list and a watch: many runs are
/// looked at, and the API server is asked once. A watch that has fallen behind what the server
/// still knows (410) begins with a new list. Safe for many threads.
final class Mirror implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Mirror.class);

  // Below the client's read timeout, so that a silent watch ends in good order.
  private static final int WATCH_SECONDS = 45;
  private static final Duration FIRST_WAIT = Duration.ofMillis(200);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

  private final Cluster cluster;
  private final Kind kind;
  private final String selector;
  private final Thread thread;

  private Map<String, JsonNode> objects = new HashMap<>();
  private boolean listed;
  private long lists;
  private volatile boolean closed;
  private @Nullable Watch watch;

  Mirror(Cluster cluster, Kind kind, String selector) {
    this.cluster = cluster;
    this.kind = kind;
    this.selector = selector;
    this.thread = Thread.ofVirtual().name("mirror-" + kind.plural()).start(this::follow);
  }

  /// The object of a name as it was last heard of; empty where none was.
  synchronized Optional<JsonNode> get(String name) {
    return Optional.ofNullable(objects.get(name));
  }

  /// The objects that a predicate takes.
  synchronized List<JsonNode> all(Predicate<JsonNode> wanted) {
    return objects.values().stream().filter(wanted).toList();
  }

  /// Whether the mirror stands: it has listed, and nothing has broken since.
  synchronized boolean isCurrent() {
    return listed;
  }

  /// How many times the whole list was read.
  synchronized long lists() {
    return lists;
  }

  private void follow() {
    Duration wait = FIRST_WAIT;
    while (!closed) {
      try {
        Cluster.Listed all = cluster.list(kind, selector);
        replace(all);
        wait = FIRST_WAIT;
        String version = all.version();
        while (!closed) {
          version = watchFrom(version);
        }
      } catch (ClusterException e) {
        lost(e);
        wait = e.isExpired() ? Duration.ZERO : pause(wait);
      } catch (IOException e) {
        lost(e);
        wait = pause(wait);
      } catch (RuntimeException e) {
        // A bug, ours or the client's: a mirror that stands still must not look like one that
        // moves.
        LOG.error("the watch of {} broke", kind.plural(), e);
        lost(e);
        wait = pause(wait);
      }
    }
  }

  private String watchFrom(String version) throws IOException, ClusterException {
    String last = version;
    try (Watch now = cluster.watch(kind, selector, version, WATCH_SECONDS)) {
      keep(now);
      for (Optional<Watch.Change> c = now.next(); c.isPresent() && !closed; c = now.next()) {
        take(c.get());
        last = Json.text(c.get().object(), "metadata", "resourceVersion");
      }
    } finally {
      keep(null);
    }
    return last;
  }

  private synchronized void keep(@Nullable Watch now) {
    watch = now;
  }

  private synchronized void replace(Cluster.Listed all) {
    Map<String, JsonNode> fresh = new HashMap<>();
    all.items().forEach(object -> fresh.put(Json.text(object, "metadata", "name"), object));
    objects = fresh;
    listed = true;
    lists++;
  }

  private synchronized void take(Watch.Change change) {
    String name = Json.text(change.object(), "metadata", "name");
    switch (change.type()) {
      case "ADDED", "MODIFIED" -> objects.put(name, change.object());
      case "DELETED" -> objects.remove(name);
      default -> {
        // A bookmark: nothing but a later version.
      }
    }
  }

  private void lost(Exception e) {
    synchronized (this) {
      listed = false;
    }
    if (!closed) {
      LOG.debug("the watch of {} broke: {}", kind.plural(), e.getMessage());
    }
  }

  private Duration pause(Duration wait) {
    LockSupport.parkNanos(wait.toNanos());
    Duration next = wait.isZero() ? FIRST_WAIT : wait.multipliedBy(2);
    return next.compareTo(LONGEST_WAIT) < 0 ? next : LONGEST_WAIT;
  }

  @Override
  public void close() {
    closed = true;
    synchronized (this) {
      if (watch != null) {
        watch.cancel();
      }
    }
    LockSupport.unpark(thread);
  }
}
