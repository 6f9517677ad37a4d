package io.tuneplane.api;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A part of a list, in OpenAI's shape.
///
/// @param object always `list`
/// @param firstId the id of the first element
/// @param lastId the id of the last one, to go on after
/// @param hasMore whether more follow
public record Page<T>(
    String object,
    List<T> data,
    Optional<String> firstId,
    Optional<String> lastId,
    boolean hasMore) {

  public Page {
    data = List.copyOf(data);
  }

  /// The first `limit` of what was found, which may be one more.
  public static <T> Page<T> of(List<T> found, int limit, Function<T, String> id) {
    List<T> data = found.subList(0, Math.min(limit, found.size()));
    return new Page<>(
        "list",
        data,
        data.stream().findFirst().map(id),
        data.isEmpty() ? Optional.empty() : Optional.of(id.apply(data.getLast())),
        found.size() > limit);
  }
}
