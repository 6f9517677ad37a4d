package io.tuneplane.backend.vertex;

import static io.tuneplane.backend.vertex.VertexSettings.NAME;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.auth.Retryable;
import com.google.cloud.storage.StorageException;
import com.google.genai.errors.ApiException;
import com.google.genai.errors.GenAiIOException;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.Problem;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/// What Google's errors mean to the caller.
final class Failures {

  private static final String ROLE =
      "; the account of your application-default credentials needs the role roles/aiplatform.user in"
          + " the project";

  private Failures() {}

  /// The error of a call to Vertex AI.
  static BackendException of(String operation, RuntimeException failure) {
    RefusedException refused = cause(failure, RefusedException.class);
    if (refused != null) {
      return answered(operation, refused);
    }
    if (failure instanceof ApiException e) {
      return answered(
          operation, new RefusedException(e.code(), e.status(), e.message(), Optional.empty()));
    }
    if (cause(failure, JsonProcessingException.class) != null) {
      return new BackendException.Misunderstood(
          NAME, operation, "the answer is not what the API describes", failure);
    }
    IOException io = cause(failure, IOException.class);
    return io == null
        ? new BackendException.Misunderstood(
            NAME, operation, "the answer is not what the API describes", failure)
        : connection(operation, io);
  }

  /// The error of a create. Where a job may have been made all the same, the outcome is unknown.
  static BackendException ofCreate(RuntimeException failure) {
    BackendException known = of("submit", failure);
    boolean surelyNothing =
        switch (known) {
          case BackendException.Unavailable _ -> beforeSending(failure);
          case BackendException.Misunderstood _ -> false;
          default -> true;
        };
    return surelyNothing
        ? known
        : new BackendException.OutcomeUnknown(
            NAME,
            "submit",
            "the answer to the create did not arrive: " + known.getMessage(),
            known);
  }

  private static boolean beforeSending(RuntimeException failure) {
    return cause(failure, ConnectException.class) != null
        || cause(failure, UnknownHostException.class) != null
        || cause(failure, NoRouteToHostException.class) != null
        || cause(failure, SSLHandshakeException.class) != null
        || cause(failure, Retryable.class) != null;
  }

  private static BackendException answered(String operation, RefusedException e) {
    String words = e.status() + ": " + e.words();
    return switch (e.code()) {
      case 401 -> new BackendException.Unauthorized(NAME, operation, words);
      case 403 -> new BackendException.Unauthorized(NAME, operation, words + ROLE);
      case 404 ->
          operation.equals("submit")
              ? rejected(operation, "model", words)
              : new BackendException.RunLost(NAME, operation, words);
      case 429 -> new BackendException.Exhausted(NAME, operation, words, e.retryAfter());
      case 408 -> new BackendException.Unavailable(NAME, operation, words, e);
      default -> byClass(operation, e, words);
    };
  }

  private static BackendException byClass(String operation, RefusedException e, String words) {
    if (e.code() >= 500) {
      return new BackendException.Unavailable(NAME, operation, words, e);
    }
    return e.code() >= 400
        ? rejected(operation, "request", words)
        : new BackendException.Misunderstood(NAME, operation, words, e);
  }

  /// The error of a connection, or of getting an access token.
  static BackendException connection(String operation, IOException e) {
    String words = String.valueOf(e.getMessage());
    if (e instanceof Retryable token && !token.isRetryable()) {
      return new BackendException.Unauthorized(
          NAME, operation, "no access token for the credentials: " + words);
    }
    return new BackendException.Unavailable(NAME, operation, words, e);
  }

  /// There are no credentials.
  static BackendException noCredentials(String operation, IOException e) {
    return new BackendException.Unauthorized(
        NAME, operation, "no application-default credentials: " + e.getMessage());
  }

  /// The error of a call to Cloud Storage. An upload session that is gone (404, 410) begins anew
  /// with the next try.
  static BackendException ofStorage(StorageException e, String bucket) {
    String words = words(e);
    return switch (e.getCode()) {
      case 401, 403 ->
          new BackendException.Unauthorized(
              NAME,
              "submit",
              words
                  + "; the account of your application-default credentials needs the roles"
                  + " roles/storage.objectUser and roles/storage.bucketViewer on gs://"
                  + bucket);
      case 429 -> new BackendException.Exhausted(NAME, "submit", words, Optional.<Duration>empty());
      case 400 ->
          rejected(
              "submit", "training_file", words + ": what arrived is not what was sent (CRC32C)");
      case 409, 411, 412, 413, 416 -> rejected("submit", "training_file", words);
      default -> new BackendException.Unavailable(NAME, "submit", words, e);
    };
  }

  // The client's message of a failed upload goes on with the session's address, which is a secret.
  private static String words(StorageException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
  }

  static BackendException.Rejected rejected(String operation, String field, String words) {
    return new BackendException.Rejected(NAME, operation, List.of(new Problem(field, words)));
  }

  /// Whether a failure is one of Google's client, which [#of] explains; anything else is our bug.
  static boolean explains(RuntimeException failure) {
    return failure instanceof GenAiIOException
        || failure instanceof ApiException
        || cause(failure, IOException.class) != null;
  }

  private static <T> @Nullable T cause(Throwable failure, Class<T> type) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return type.cast(t);
      }
    }
    return null;
  }
}
