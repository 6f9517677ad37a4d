package io.tuneplane.api;

import io.tuneplane.backend.Problem;
import java.util.List;
import java.util.stream.Collectors;

/// A request is wrong; carries every problem that was found.
public final class RequestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// The code of a value that is wrong.
  public static final String INVALID = "invalid_value";

  private final transient List<Problem> problems;
  private final String code;

  /// @param problems each names the field and says what to do
  public RequestException(List<Problem> problems) {
    this(problems, INVALID);
  }

  /// @param problems each names the field and says what to do
  /// @param code a stable word for programs
  public RequestException(List<Problem> problems, String code) {
    super(
        problems.stream()
            .map(problem -> problem.field() + ": " + problem.message())
            .collect(Collectors.joining("; ")));
    this.problems = List.copyOf(problems);
    this.code = code;
  }

  /// A stable word for programs.
  public String code() {
    return code;
  }

  /// What is wrong, one by one.
  public List<Problem> problems() {
    return problems;
  }
}
