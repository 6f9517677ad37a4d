package io.tuneplane.backend.local;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// How a run ended: `outcome.json`.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "state")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Outcome.Succeeded.class, name = "succeeded"),
  @JsonSubTypes.Type(value = Outcome.Failed.class, name = "failed"),
  @JsonSubTypes.Type(value = Outcome.Cancelled.class, name = "cancelled")
})
sealed interface Outcome {

  /// It left an adapter.
  ///
  /// @param adapterDigest SHA-256 of the adapter's weights in hex
  /// @param baseDigest SHA-256 of the base's weights in hex
  /// @param seconds time at work, all attempts
  record Succeeded(
      String adapterDigest,
      String baseDigest,
      long tokens,
      long steps,
      double seconds,
      long peakMemoryBytes)
      implements Outcome {}

  record Failed(String code, String message, boolean retryable) implements Outcome {}

  record Cancelled() implements Outcome {}
}
