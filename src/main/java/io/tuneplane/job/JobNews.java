package io.tuneplane.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells followers of jobs when there is something new: at once what happens in this process, and
/// with one look a moment at the store, however many follow a job, what another process does.
final class JobNews {

  static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private static final Logger LOG = LoggerFactory.getLogger(JobNews.class);
  private static final int PAGE = 500;
  private static final int REMEMBERED = 2000;

  private final JobStore jobs;
  private final Pause pause;
  private final Map<String, Watch> watches = new ConcurrentHashMap<>();
  private volatile boolean closed;

  JobNews(JobStore jobs, Pause pause) {
    this.jobs = jobs;
    this.pause = pause;
  }

  /// Begins to follow a job; close what is given.
  Following follow(String id) {
    Watch watch =
        watches.compute(
            id,
            (_, known) -> {
              Watch at = known == null ? new Watch(id) : known;
              at.followers++;
              return at;
            });
    watch.startLooking();
    return watch.new Ear();
  }

  /// Something was kept for a job in this process.
  void tell(String id) {
    Watch watch = watches.get(id);
    if (watch != null) {
      watch.look();
    }
  }

  /// Lets every follower go.
  void close() {
    closed = true;
    watches.values().forEach(Watch::wakeAll);
  }

  private final class Watch {
    private final String id;
    private int followers;
    private boolean looking;
    private boolean ended;
    private final List<JobEvent> tail = new ArrayList<>();
    private long known = -1;

    Watch(String id) {
      this.id = id;
    }

    synchronized void startLooking() {
      if (!looking) {
        looking = true;
        Thread.ofVirtual().name("news-" + id).start(this::keepLooking);
      }
    }

    private void keepLooking() {
      try {
        while (watches.get(id) == this && !closed) {
          pause.of(LOOK_EVERY);
          look();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    /// Takes in what is new; a store that does not answer is asked again at the next look.
    void look() {
      try {
        take();
      } catch (RuntimeException e) {
        LOG.warn("events of {} can't be read just now: {}", id, e.toString());
      }
    }

    private synchronized void take() {
      JobStore.Stored stored = jobs.load(id).orElseThrow();
      boolean first = known < 0;
      if (first) {
        known = Math.max(0, stored.lastSeq() - REMEMBERED);
      }
      while (known < stored.lastSeq()) {
        List<JobEvent> page = jobs.events(id, known, PAGE);
        if (page.isEmpty()) {
          break;
        }
        tail.addAll(page);
        known = page.getLast().seq();
      }
      while (tail.size() > REMEMBERED) {
        tail.removeFirst();
      }
      ended = stored.job().ended();
      notifyAll();
    }

    synchronized void wakeAll() {
      notifyAll();
    }

    private synchronized boolean await(long after, Duration patience) throws InterruptedException {
      long left = patience.toMillis();
      long until = System.nanoTime() + patience.toNanos();
      if (known < 0) {
        look();
      }
      while (known <= after && !ended && !closed && left > 0) {
        wait(left);
        left = (until - System.nanoTime()) / 1_000_000;
      }
      return ended || closed;
    }

    private synchronized List<JobEvent> remembered(long after) {
      boolean covers = !tail.isEmpty() && tail.getFirst().seq() <= after + 1;
      return covers ? tail.stream().filter(e -> e.seq() > after).toList() : List.of();
    }

    private void leave() {
      watches.computeIfPresent(id, (_, at) -> at == this && --followers == 0 ? null : at);
    }

    private final class Ear implements Following {

      @Override
      public News next(long after, Duration patience) throws InterruptedException {
        boolean last = await(after, patience);
        List<JobEvent> events = remembered(after);
        if (events.isEmpty()) {
          events = jobs.events(id, after, PAGE);
        }
        return new News(events, last && events.isEmpty());
      }

      @Override
      public void close() {
        leave();
      }
    }
  }
}
