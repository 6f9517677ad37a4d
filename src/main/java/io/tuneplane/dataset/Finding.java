package io.tuneplane.dataset;

import java.util.OptionalInt;
import java.util.OptionalLong;

/// One thing that a check found.
///
/// @param example which example, counted from 0 over the lines that are not blank; empty for the
///   whole set
/// @param line the line of the file, from 1; in a JSON array, the line where the element starts
/// @param column the column, from 1, in characters, where one place is meant
/// @param rule which rule
/// @param message what is wrong, for people
public record Finding(
    OptionalLong example, OptionalLong line, OptionalInt column, Rule rule, String message) {

  static Finding ofSet(Rule rule, String message) {
    return new Finding(
        OptionalLong.empty(), OptionalLong.empty(), OptionalInt.empty(), rule, message);
  }

  static Finding at(long example, long line, Rule rule, String message) {
    return new Finding(
        OptionalLong.of(example), OptionalLong.of(line), OptionalInt.empty(), rule, message);
  }
}
