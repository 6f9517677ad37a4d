package io.tuneplane.backend.openai;

import com.openai.models.models.Model;
import io.tuneplane.backend.BackendException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Which models the host lists. An answer is believed for a while, so that not every prompt costs
/// two calls. Safe for many threads.
final class ListedModels {

  private static final Duration FRESH = Duration.ofMinutes(1);
  private static final int MOST = 1000;

  private final Account account;
  private final Failures failures;
  private final InstantSource clock;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  private record Known(Model model, Instant until) {}

  ListedModels(Account account, Failures failures, InstantSource clock) {
    this.account = account;
    this.failures = failures;
    this.clock = clock;
  }

  /// A model, where the host lists it. That it does not is never remembered: it may come.
  Optional<Model> find(String operation, String id) {
    Known before = known.get(id);
    if (before != null && clock.instant().isBefore(before.until())) {
      return Optional.of(before.model());
    }
    Optional<Model> found = ask(operation, id);
    if (known.size() >= MOST) {
      known.clear();
    }
    found.ifPresentOrElse(
        model -> known.put(id, new Known(model, clock.instant().plus(FRESH))),
        () -> known.remove(id));
    return found;
  }

  /// Asks again next time.
  void forget(String id) {
    known.remove(id);
  }

  private Optional<Model> ask(String operation, String id) {
    try {
      return Optional.of(
          failures.of(operation, () -> account.client(operation).models().retrieve(id)));
    } catch (BackendException.RunLost _) {
      return Optional.empty(); // That is how the API says that there is none.
    }
  }
}
