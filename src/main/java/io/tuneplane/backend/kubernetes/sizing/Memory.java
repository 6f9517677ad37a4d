package io.tuneplane.backend.kubernetes.sizing;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The memory that a piece of work needs on one GPU, use by use, each with its arithmetic.
///
/// @param uses what the memory is for, the part that does not depend on the work's size first
public record Memory(List<Use> uses) {

  private static final double GIB = 1L << 30;

  public Memory {
    uses = List.copyOf(uses);
  }

  /// One use.
  ///
  /// @param what what for, e.g. `weights`
  /// @param arithmetic how the figure comes about, with its factors
  /// @param bytes the figure
  public record Use(String what, String arithmetic, long bytes) {

    @Override
    public String toString() {
      return "%-22s %9s = %s".formatted(what, gib(bytes), arithmetic);
    }
  }

  /// The whole, in bytes.
  public long bytes() {
    return uses.stream().mapToLong(Use::bytes).sum();
  }

  /// The arithmetic as lines for people, the sum last.
  public List<String> lines() {
    return Stream.concat(
            uses.stream().map(Use::toString),
            Stream.of("%-22s %9s on each GPU".formatted("in all", gib(bytes()))))
        .toList();
  }

  /// A number of bytes in GiB, for people.
  public static String gib(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / GIB);
  }
}
