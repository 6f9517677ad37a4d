package io.tuneplane.job;

import io.tuneplane.backend.Problem;
import java.util.List;
import java.util.stream.Collectors;

/// A job can't be made as it was asked for. Nothing was kept.
public final class JobRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String code;
  private final transient List<Problem> problems;

  JobRefusedException(String code, List<Problem> problems) {
    super(
        problems.stream()
            .map(problem -> problem.field() + ": " + problem.message())
            .collect(Collectors.joining("; ")));
    this.code = code;
    this.problems = List.copyOf(problems);
  }

  /// A stable word for programs: `model_not_found`, `file_not_found` or `invalid_value`.
  public String code() {
    return code;
  }

  /// What is wrong, one by one.
  public List<Problem> problems() {
    return problems;
  }
}
