package io.tuneplane.http;

import io.tuneplane.api.ForbiddenException;
import io.tuneplane.api.NotFoundException;
import io.tuneplane.api.RequestException;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.Problem;
import io.tuneplane.backend.remote.RefusedException;
import io.tuneplane.cost.PriceBookException;
import io.tuneplane.dataset.DataException;
import io.tuneplane.decision.DecisionException;
import io.tuneplane.job.AuditException;
import io.tuneplane.job.BudgetExceededException;
import io.tuneplane.job.StaleJobException;
import io.tuneplane.job.StorageException;
import io.tuneplane.model.ModelException;
import io.tuneplane.policy.PolicyException;
import io.tuneplane.policy.PolicyRefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What each failure is on the wire. The one place that translates them; `docs/api.md` has the
/// table.
final class Failures {

  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  /// @param requestId names the request in the log, where the failure is ours
  static Refusal of(Exception failure, String requestId) {
    return switch (failure) {
      case Refusal refusal -> refusal;
      case RefusedException refused -> RunnerRoutes.refusal(refused);
      case RequestException wrong -> wrong(wrong.problems(), wrong.code());
      case ForbiddenException others -> Refusal.of(403, "forbidden", words(others));
      case NotFoundException missing -> missing(words(missing));
      case DecisionException unknown -> Refusal.of(400, "not_known", words(unknown));
      case DataException bad -> Refusal.of(400, "invalid_data", words(bad));
      case ModelException bad -> Refusal.field("model", "invalid_model", words(bad));
      case PolicyException bad -> Refusal.of(400, "invalid_policy", words(bad));
      case PolicyRefusedException refused -> Refusal.of(403, "policy_refused", words(refused));
      case BudgetExceededException over -> Refusal.of(403, "budget_exceeded", words(over));
      case StaleJobException stale ->
          Refusal.server(503, "busy", words(stale)).with("Retry-After", "1");
      case PriceBookException bad -> logged(500, "price_book", bad, requestId);
      case StorageException storage -> storage(storage, requestId);
      case AuditException bad -> logged(503, "audit_log", bad, requestId);
      case BackendException backend -> backend(backend, requestId);
      case UncheckedIOException io ->
          io(Optional.ofNullable(io.getCause()).orElseGet(IOException::new), requestId);
      case IOException io -> io(io, requestId);
      default -> logged(500, "internal_error", failure, requestId);
    };
  }

  private static Refusal missing(String words) {
    return words.contains("model ")
        ? Refusal.of(404, "model_not_found", words)
        : Refusal.notFound(words);
  }

  private static Refusal wrong(List<Problem> problems, String code) {
    String message =
        problems.stream()
            .map(problem -> problem.field() + ": " + problem.message())
            .reduce((one, other) -> one + "; " + other)
            .orElse("The request is wrong.");
    return problems.stream()
        .findFirst()
        .map(first -> Refusal.field(first.field(), code, message))
        .orElseGet(() -> Refusal.of(400, code, message));
  }

  private static Refusal backend(BackendException failure, String requestId) {
    return switch (failure) {
      case BackendException.Rejected rejected -> wrong(rejected.problems(), "rejected");
      case BackendException.Exhausted exhausted ->
          Refusal.busy(words(exhausted))
              .with("Retry-After", seconds(exhausted.retryAfter().map(d -> d.toSeconds())));
      case BackendException.Unavailable unavailable ->
          Refusal.server(503, "backend_unavailable", words(unavailable)).with("Retry-After", "5");
      case BackendException.Unauthorized unauthorized ->
          logged(503, "backend_unauthorized", unauthorized, requestId);
      case BackendException.RunLost lost ->
          Refusal.server(503, "deployment_lost", words(lost)).with("Retry-After", "5");
      case BackendException.Closed closed -> Refusal.of(403, "backend_closed", words(closed));
      case BackendException.OutcomeUnknown unknown ->
          logged(502, "backend_outcome_unknown", unknown, requestId);
      case BackendException.Misunderstood misunderstood ->
          logged(502, "backend_misunderstood", misunderstood, requestId);
    };
  }

  private static Refusal storage(StorageException failure, String requestId) {
    return switch (failure.kind()) {
      case FULL -> fullDisk();
      case UNAVAILABLE ->
          Refusal.server(503, "database_unavailable", "The database can't be reached; try again.")
              .with("Retry-After", "2");
      case BROKEN -> logged(500, "storage", failure, requestId);
    };
  }

  private static Refusal fullDisk() {
    return Refusal.server(
        507, "insufficient_storage", "The server's disk is full; nothing of this was kept.");
  }

  private static String seconds(Optional<Long> wait) {
    return Long.toString(Math.max(1, wait.orElse(1L)));
  }

  private static Refusal io(IOException failure, String requestId) {
    if (failure instanceof SocketTimeoutException) {
      return Refusal.of(408, "too_slow", "The body took too long to arrive.");
    }
    return FullDisk.is(failure) ? fullDisk() : logged(500, "io_error", failure, requestId);
  }

  /// A failure of ours: its words may name files and addresses, so they are for the log alone.
  private static Refusal logged(int status, String code, Exception failure, String requestId) {
    LOG.error("request {} failed: {}", requestId, code, failure);
    return Refusal.server(
        status,
        code,
        "Something went wrong on the server (%s); its log has more under %s."
            .formatted(code, requestId));
  }

  private static String words(Exception failure) {
    return Optional.ofNullable(failure.getMessage()).orElse(failure.getClass().getSimpleName());
  }
}
