package io.tuneplane.dataset;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// Looks at the first batches until one shows the format, and then gives out all of them. Not safe
/// for many threads.
final class FormatSeeker {

  /// After so many batches without a hint the format is taken to be the default.
  private static final int LOOKS = 4;

  private final RecordSource source;
  private final Deque<Batch> seen = new ArrayDeque<>();
  private final Format format;

  /// @param known the format, if it is known
  FormatSeeker(RecordSource source, Optional<Format> known) throws IOException {
    this.source = source;
    this.format = known.isPresent() ? known.get() : seek();
  }

  Format format() {
    return format;
  }

  Optional<Batch> next() throws IOException {
    return seen.isEmpty() ? source.next() : Optional.of(seen.remove());
  }

  private Format seek() throws IOException {
    for (int i = 0; i < LOOKS; i++) {
      Optional<Batch> batch = source.next();
      if (batch.isEmpty()) {
        break;
      }
      seen.add(batch.get());
      Optional<Format> found = FormatDetection.of(batch.get());
      if (found.isPresent()) {
        return found.get();
      }
    }
    return FormatDetection.DEFAULT;
  }
}
