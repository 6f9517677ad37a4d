package io.tuneplane.cost;

import io.tuneplane.cost.MonthlyCost.PerRequest;
import io.tuneplane.cost.MonthlyCost.Stepped;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// Finds every volume at which the cheaper of a managed and an own option changes.
///
/// With m dollars a request there, and k replicas of c dollars that carry a requests each plus p
/// dollars on top here, own is strictly cheaper within the k-th step from floor((kc + p) / m) + 1
/// requests on. A step up in replicas can turn that round again. Where a full replica's requests
/// cost more there than the replica (ma > c), own has won for good once k(ma - c) > c + p;
/// otherwise it never wins.
final class Crossings {

  /// The most requests a month that anyone is asked about.
  static final long MOST_REQUESTS = 1_000_000_000_000_000L;

  /// How many steps are listed one by one. Beyond them only the last change is looked for.
  static final int LISTED_STEPS = 8;

  private static final MathContext DIGITS = MathContext.DECIMAL128;

  private final PerRequest managed;
  private final Stepped own;
  private final SortedSet<Long> candidates = new TreeSet<>();
  private long gapStart = Long.MAX_VALUE;

  Crossings(PerRequest managed, Stepped own) {
    this.managed = managed;
    this.own = own;
  }

  /// A change of the cheaper option.
  ///
  /// @param requests the smallest whole number of requests from which it holds
  /// @param toOwn whether own hardware is the strictly cheaper one from there on
  /// @param afterGap whether changes just below this one are not listed
  record Crossing(long requests, boolean toOwn, boolean afterGap) {}

  /// The changes, lowest volume first.
  List<Crossing> all() {
    if (managed.each().usd().signum() <= 0) {
      return List.of();
    }
    own.requests().ifPresentOrElse(this::collectSteps, this::collectSingle);
    List<Crossing> crossings = new ArrayList<>();
    for (long requests : candidates) {
      boolean toOwn = ownIsCheaper(requests);
      if (toOwn != ownIsCheaper(requests - 1)) {
        boolean afterGap =
            requests > gapStart
                && !crossings.isEmpty()
                && crossings.getLast().requests() <= gapStart;
        crossings.add(new Crossing(requests, toOwn, afterGap));
      }
    }
    return crossings;
  }

  /// Whether own hardware costs strictly less at this volume.
  boolean ownIsCheaper(long requests) {
    BigDecimal volume = BigDecimal.valueOf(requests);
    return own.at(volume).compareTo(managed.at(volume)) < 0;
  }

  private void collectSingle() {
    add(threshold(own.minimum().max(BigDecimal.ONE)));
  }

  private void collectSteps(BigDecimal each) {
    BigDecimal gain = managed.each().usd().multiply(each).subtract(own.step().usd());
    if (gain.signum() <= 0) {
      return;
    }
    BigDecimal first = own.minimum().max(BigDecimal.ONE);
    BigDecimal start = own.fixed().usd().divide(gain, 0, RoundingMode.FLOOR).max(first);
    BigDecimal last =
        own.fixed()
            .plus(own.step())
            .usd()
            .divide(gain, 0, RoundingMode.FLOOR)
            .add(BigDecimal.ONE)
            .max(first);
    BigDecimal listed = start.add(BigDecimal.valueOf(LISTED_STEPS)).min(last);
    collect(start, listed, each);
    BigDecimal resumed = last.subtract(BigDecimal.TWO).max(listed);
    if (resumed.subtract(listed).compareTo(BigDecimal.ONE) > 0 && !candidates.isEmpty()) {
      gapStart = candidates.getLast();
    }
    collect(resumed, last, each);
  }

  private void collect(BigDecimal from, BigDecimal to, BigDecimal each) {
    for (BigDecimal k = from; k.compareTo(to) <= 0; k = k.add(BigDecimal.ONE)) {
      BigDecimal boundary = each.multiply(k, DIGITS).setScale(0, RoundingMode.FLOOR);
      add(threshold(k));
      // On either side of the step: the division behind `each` is rounded.
      add(boundary);
      add(boundary.add(BigDecimal.ONE));
    }
  }

  /// The first whole number of requests at which k replicas cost strictly less.
  private BigDecimal threshold(BigDecimal replicas) {
    return own.step()
        .times(replicas)
        .plus(own.fixed())
        .usd()
        .divideToIntegralValue(managed.each().usd())
        .add(BigDecimal.ONE);
  }

  private void add(BigDecimal requests) {
    Optional.of(requests)
        .filter(r -> r.signum() > 0 && r.compareTo(BigDecimal.valueOf(MOST_REQUESTS)) <= 0)
        .ifPresent(r -> candidates.add(r.longValueExact()));
  }
}
