package io.tuneplane.runner.serve.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which sequence is in which slot of the cache: those that are answered lie side by side from slot
/// 0 on, the one whose prompt is being read right after them. Not safe for many threads.
final class Slots {

  /// @param done tokens of the prompt that are in the cache
  record Joining(Work work, int done) {}

  private final KvCache cache;
  private final List<Generation> running = new ArrayList<>();
  private @Nullable Joining joining;

  Slots(KvCache cache) {
    this.cache = cache;
  }

  List<Generation> running() {
    return running;
  }

  Optional<Joining> joining() {
    return Optional.ofNullable(joining);
  }

  boolean canJoin() {
    return joining == null && running.size() < cache.slots();
  }

  boolean empty() {
    return joining == null && running.isEmpty();
  }

  /// The slot of the sequence that is joining.
  int joiningSlot() {
    return running.size();
  }

  void join(Work work) {
    joining = new Joining(work, 0);
  }

  void read(int done) {
    joining = new Joining(joining().orElseThrow().work(), done);
  }

  /// Ends the reading of a prompt; an answer that goes on joins the others.
  void joined() {
    Work work = joining().orElseThrow().work();
    joining = null;
    switch (work) {
      case Generation generation when !generation.ended() -> running.add(generation);
      case Generation _, Scoring _ -> {}
    }
  }

  /// Drops the answers that have ended; the last ones move up into their places.
  void dropEnded() {
    for (int slot = running.size() - 1; slot >= 0; slot--) {
      if (running.get(slot).ended()) {
        drop(slot);
      }
    }
  }

  private void drop(int slot) {
    int last = running.size() - 1;
    Generation moved = running.removeLast();
    if (slot != last) {
      cache.copy(last, slot, moved.total());
      running.set(slot, moved);
    }
    if (joining != null) {
      cache.copy(last + 1, last, joining.done());
    }
  }

  /// Empties all slots.
  List<Work> clear() {
    List<Work> all = new ArrayList<>(running);
    joining().ifPresent(j -> all.add(j.work()));
    running.clear();
    joining = null;
    return all;
  }
}
