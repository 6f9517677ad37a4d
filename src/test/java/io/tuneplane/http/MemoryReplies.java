package io.tuneplane.http;

import io.tuneplane.access.Replies;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Answers kept in memory.
final class MemoryReplies implements Replies {

  private final Map<String, Entry> entries = new HashMap<>();

  private record Entry(
      String organisation, String fingerprint, Instant claimedAt, @Nullable Reply reply) {}

  @Override
  public synchronized Claim claim(
      String organisation, String key, String fingerprint, Duration patience, Instant now) {
    Entry entry = entries.get(organisation + " " + key);
    boolean free =
        entry == null || (entry.reply() == null && !now.isBefore(entry.claimedAt().plus(patience)));
    if (entry == null || free) {
      entries.put(organisation + " " + key, new Entry(organisation, fingerprint, now, null));
      return new Claim.Mine();
    }
    if (!entry.fingerprint().equals(fingerprint)) {
      return new Claim.Other();
    }
    return entry.reply() == null ? new Claim.Busy() : new Claim.Done(entry.reply());
  }

  @Override
  public synchronized void keep(String organisation, String key, Reply reply) {
    entries.computeIfPresent(
        organisation + " " + key,
        (_, entry) ->
            new Entry(entry.organisation(), entry.fingerprint(), entry.claimedAt(), reply));
  }

  @Override
  public synchronized void release(String organisation, String key) {
    entries.remove(organisation + " " + key);
  }

  @Override
  public synchronized void forget(Instant until) {
    entries.values().removeIf(entry -> entry.claimedAt().isBefore(until));
  }

  /// Everything that is kept, for a look at what should not be in it.
  synchronized String all() {
    return entries.toString();
  }
}
