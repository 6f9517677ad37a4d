package io.tuneplane.cost;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A warning that a model stops, and every tuned model of it with it: 180, 90 and 30 days before,
/// and once it has.
///
/// @param model the base model's id
/// @param end the day, how sure it is, and who says so
/// @param days how many days are left; zero or less once it may have stopped
/// @param grade how near it is
public record EndWarning(String model, EndDate end, long days, Grade grade) {

  /// How near an end is, nearest first.
  public enum Grade {
    /// The day has come.
    OVER(0),
    /// 30 days or less.
    URGENT(30),
    /// 90 days or less.
    SOON(90),
    /// 180 days or less.
    NOTICE(180);

    private final int within;

    Grade(int within) {
      this.within = within;
    }

    /// The most days before the end at which it is given.
    public int within() {
      return within;
    }

    static Optional<Grade> of(long days) {
      return Arrays.stream(values()).filter(g -> days <= g.within).findFirst();
    }
  }

  /// The warning that a day calls for; empty while the end is more than 180 days away.
  public static Optional<EndWarning> of(String model, EndDate end, LocalDate today) {
    long days = ChronoUnit.DAYS.between(today, end.date());
    return Grade.of(days).map(grade -> new EndWarning(model, end, days, grade));
  }

  /// The warning for a model of the book, by any of its names; empty where none is called for.
  public static Optional<EndWarning> of(PriceBook book, String model, LocalDate today) {
    return book.endOf(model).flatMap(end -> of(book.canonical(model), end, today));
  }

  /// All warnings for a provider's models, nearest first.
  public static List<EndWarning> of(ManagedProvider provider, LocalDate today) {
    return provider.models().values().stream()
        .flatMap(m -> m.end().flatMap(end -> of(m.id(), end, today)).stream())
        .sorted(Comparator.comparingLong(EndWarning::days).thenComparing(EndWarning::model))
        .toList();
  }

  /// One sentence for people.
  public String words() {
    String when = end.isAnnounced() ? announced() : earliest();
    return model + " " + when;
  }

  private String announced() {
    return days <= 0
        ? "stopped on %s, and every model tuned from it".formatted(end.date())
        : "stops on %s, in %s, and every model tuned from it".formatted(end.date(), left());
  }

  private String earliest() {
    return days <= 0
        ? "may have stopped: it was promised until %s only".formatted(end.date())
        : "is promised until %s only, in %s".formatted(end.date(), left());
  }

  private String left() {
    return days == 1 ? "1 day" : days + " days";
  }
}
