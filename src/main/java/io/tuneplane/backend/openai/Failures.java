package io.tuneplane.backend.openai;

import com.openai.core.http.Headers;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIInvalidDataException;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.OpenAIServiceException;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.Problem;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/// Turns what the SDK throws into what the caller does about it. Status codes and error codes are
/// those of OpenAI's published API and of its help pages.
final class Failures {

  private static final String NAME = OpenAiSettings.NAME;

  /// What the body says when an organisation may create no job any more.
  private static final String CLOSED = "training_not_available";

  /// A 429 that waiting does not cure: somebody must pay.
  private static final String NO_CREDIT = "insufficient_quota";

  private final UnaryOperator<String> withoutKey;

  /// @param withoutKey takes the key out of a message
  Failures(UnaryOperator<String> withoutKey) {
    this.withoutKey = withoutKey;
  }

  /// Does a call that changes nothing, or that may be repeated.
  <T> T of(String operation, Supplier<T> call) {
    try {
      return call.get();
    } catch (OpenAIServiceException e) {
      throw answered(operation, e);
    } catch (OpenAIInvalidDataException e) {
      throw new BackendException.Misunderstood(
          NAME, operation, "the answer can't be read: " + words(e), e);
    } catch (OpenAIException e) {
      throw unanswered(operation, e);
    }
  }

  /// Does the call that starts something which is paid for.
  ///
  /// @throws BackendException.OutcomeUnknown if it may have been done all the same
  <T> T creating(String operation, Supplier<T> call) {
    try {
      return call.get();
    } catch (OpenAIServiceException e) {
      if (e.statusCode() >= 500 || e.statusCode() == 408 || e.statusCode() == 409) {
        throw unknown(operation, e);
      }
      throw answered(operation, e);
    } catch (OpenAIException e) {
      if (e instanceof OpenAIIoException && neverSent(e)) {
        throw unanswered(operation, e);
      }
      throw unknown(operation, e);
    }
  }

  private BackendException unknown(String operation, OpenAIException e) {
    return new BackendException.OutcomeUnknown(
        NAME, operation, "a job may have been created: " + words(e), e);
  }

  static BackendException noKey(String operation) {
    return new BackendException.Unauthorized(
        NAME, operation, "there is no API key; " + OpenAiAvailability.HOW_TO_SET_A_KEY);
  }

  private BackendException answered(String operation, OpenAIServiceException e) {
    String words = words(e);
    String code = e.code().orElse("");
    return switch (e.statusCode()) {
      case 401 -> new BackendException.Unauthorized(NAME, operation, words);
      case 403 ->
          code.equals(CLOSED)
              ? new BackendException.Closed(NAME, operation, words)
              : new BackendException.Unauthorized(NAME, operation, words);
      case 404 -> new BackendException.RunLost(NAME, operation, words);
      case 429 ->
          code.equals(NO_CREDIT)
              ? new BackendException.Unauthorized(NAME, operation, words)
              : new BackendException.Exhausted(NAME, operation, words, retryAfter(e.headers()));
      case 408, 409 -> new BackendException.Unavailable(NAME, operation, words, e);
      default -> other(operation, e, words);
    };
  }

  private static BackendException other(String operation, OpenAIServiceException e, String words) {
    int status = e.statusCode();
    if (status >= 500) {
      return new BackendException.Unavailable(NAME, operation, words, e);
    }
    if (status >= 400) {
      return rejected(operation, e.param().orElse("request"), words);
    }
    return new BackendException.Misunderstood(
        NAME,
        operation,
        "answered %d%s; redirects are not followed, so set openai.base_url to the final address"
            .formatted(
                status,
                e.headers().values("Location").stream().map(" to "::concat).findFirst().orElse("")),
        e);
  }

  /// What the user must change.
  static BackendException rejected(String operation, String field, String words) {
    return new BackendException.Rejected(NAME, operation, List.of(new Problem(field, words)));
  }

  private BackendException unanswered(String operation, OpenAIException e) {
    Optional<AddressRefusedException> refused = cause(e, AddressRefusedException.class);
    if (refused.isPresent()) {
      return new BackendException.Unauthorized(
          NAME, operation, String.valueOf(refused.get().getMessage()));
    }
    return new BackendException.Unavailable(NAME, operation, words(e), e);
  }

  /// Whether the request can't have reached the host: there was no connection to send it over.
  private static boolean neverSent(Throwable failure) {
    return cause(failure, AddressRefusedException.class).isPresent()
        || cause(failure, ConnectException.class).isPresent()
        || cause(failure, NoRouteToHostException.class).isPresent()
        || cause(failure, UnknownHostException.class).isPresent()
        || cause(failure, SSLHandshakeException.class).isPresent();
  }

  private static <E extends Throwable> Optional<E> cause(Throwable failure, Class<E> type) {
    for (@Nullable Throwable t = failure; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return Optional.of(type.cast(t));
      }
    }
    return Optional.empty();
  }

  private static Optional<Duration> retryAfter(Headers headers) {
    return first(headers, "retry-after-ms")
        .map(Duration::ofMillis)
        .or(() -> first(headers, "Retry-After").map(Duration::ofSeconds));
  }

  private static Optional<Long> first(Headers headers, String name) {
    return headers.values(name).stream()
        .filter(value -> value.matches("[0-9]{1,9}"))
        .map(Long::parseLong)
        .findFirst();
  }

  private String words(OpenAIException e) {
    return withoutKey.apply(Optional.ofNullable(e.getMessage()).orElse(e.toString()));
  }
}
