package io.tuneplane.backend.remote;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.tuneplane.backend.RemoteRunners.Admission;
import io.tuneplane.backend.RemoteRunners.Wish;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is remembered of a run whose runners are let in: `MARK.json`. There is no token in it.
///
/// @param folder the run's folder
/// @param baseModel the base model's folder or file
/// @param nonce what makes the token this one; no secret
/// @param expires when the token ends, in seconds since 1970
/// @param attempt the newest attempt; 0 before the first
/// @param runner the word by which the runner of the newest attempt knows itself; null before it
record Admitted(
    @JsonProperty(required = true) String mark,
    @JsonProperty(required = true) int round,
    @JsonProperty(required = true) String folder,
    @JsonProperty(required = true) String baseModel,
    @JsonProperty(required = true) String nonce,
    @JsonProperty(required = true) long expires,
    @JsonProperty(required = true) Wish wish,
    @JsonProperty(required = true) int attempt,
    @Nullable String runner) {

  static Admitted first(Admission admission, String nonce, long expires, int attempt) {
    return new Admitted(
        admission.mark(),
        admission.round(),
        admission.folder().toAbsolutePath().toString(),
        admission.baseModel().toAbsolutePath().toString(),
        nonce,
        expires,
        Wish.RUN,
        attempt,
        null);
  }

  Path path() {
    return Path.of(folder);
  }

  Path base() {
    return Path.of(baseModel);
  }

  Optional<String> word() {
    return Optional.ofNullable(runner);
  }

  Admitted until(long when) {
    return new Admitted(mark, round, folder, baseModel, nonce, when, wish, attempt, runner);
  }

  Admitted asked(Wish asked) {
    return new Admitted(mark, round, folder, baseModel, nonce, expires, asked, attempt, runner);
  }

  Admitted begun(int next, String word) {
    return new Admitted(mark, round, folder, baseModel, nonce, expires, wish, next, word);
  }
}
