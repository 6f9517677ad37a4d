package io.tuneplane.backend.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What the runner itself told, up to the end of one of its starts.
///
/// @param result the run's result, if it got that far in this start or an earlier one
/// @param lastWords this start's last message that names a reason for ending
/// @param savedStep the highest step with a checkpoint in the whole run; 0 for none
/// @param peakMemory the most memory that a step of the run reported, in bytes; empty for none
record AttemptReport(
    Optional<JsonNode> result,
    Optional<EventLine> lastWords,
    long savedStep,
    OptionalLong peakMemory) {

  static AttemptReport of(EventLog log, int attempt) throws IOException {
    Reader reader = new Reader(attempt);
    log.forEach(reader::take);
    return new AttemptReport(
        Optional.ofNullable(reader.result),
        Optional.ofNullable(reader.words),
        reader.saved,
        reader.memory > 0 ? OptionalLong.of(reader.memory) : OptionalLong.empty());
  }

  private static final class Reader {

    private final int attempt;
    private @Nullable JsonNode result;
    private @Nullable EventLine words;
    private long saved;
    private long memory;

    Reader(int attempt) {
      this.attempt = attempt;
    }

    void take(EventLine line) {
      memory = Math.max(memory, line.body().path("memory_bytes").asLong());
      if (line.is("checkpoint")) {
        saved = Math.max(saved, line.step());
      }
      if (line.is("result")) {
        result = line.body();
      }
      if (line.attempt() == attempt && line.code().isPresent()) {
        words = line;
      }
    }
  }
}
