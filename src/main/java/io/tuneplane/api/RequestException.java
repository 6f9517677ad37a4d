package io.tuneplane.api;

import io.tuneplane.backend.Problem;
import java.util.List;
import java.util.stream.Collectors;

/// A request is wrong; carries every problem that was found.
public final class RequestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  /// @param problems each names the field and says what to do
  public RequestException(List<Problem> problems) {
    super(
        problems.stream()
            .map(problem -> problem.field() + ": " + problem.message())
            .collect(Collectors.joining("; ")));
    this.problems = List.copyOf(problems);
  }

  /// What is wrong, one by one.
  public List<Problem> problems() {
    return problems;
  }
}
