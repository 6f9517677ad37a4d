package io.tuneplane.cli;

import io.tuneplane.cost.Money;
import io.tuneplane.cost.OwnPlan;
import io.tuneplane.cost.OwnPlan.People;
import io.tuneplane.cost.OwnPlan.Tuning;
import io.tuneplane.cost.ServingHours;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How own hardware would be used.
final class CostOwnOptions {

  @Option(
      names = "--place",
      paramLabel = "NAME",
      split = ",",
      description = "Own hardware to compare, by its name in the price book, or 'all'.")
  private List<String> places = new ArrayList<>();

  @Option(names = "--full", description = "All weights are trained, not an adapter.")
  private boolean full;

  @Option(
      names = "--hours",
      paramLabel = "N",
      description = "Replicas are reserved for N hours a month (default: always).")
  private @Nullable BigDecimal hours;

  @Option(
      names = "--busy-hours",
      paramLabel = "N",
      description = "Replicas are scaled to zero outside N busy hours a month.")
  private @Nullable BigDecimal busyHours;

  @Option(
      names = "--adapters",
      paramLabel = "N",
      defaultValue = "1",
      description = "Tuned models of like traffic that share the replicas (default: 1).")
  private int adapters = 1;

  @Option(
      names = "--people-hours",
      paramLabel = "N",
      description = "Hours a month that people look after own hardware.")
  private @Nullable BigDecimal peopleHours;

  @Option(
      names = "--people-hourly-usd",
      paramLabel = "USD",
      description = "What an hour of theirs costs.")
  private @Nullable BigDecimal peopleHourlyUsd;

  List<String> places() {
    return List.copyOf(places);
  }

  /// @throws IllegalArgumentException if two options contradict each other
  OwnPlan plan() {
    return new OwnPlan(full ? Tuning.FULL : Tuning.LORA, servingHours(), adapters, people());
  }

  private ServingHours servingHours() {
    if (hours != null && busyHours != null) {
      throw new IllegalArgumentException("--hours and --busy-hours exclude each other");
    }
    if (hours != null) {
      return new ServingHours.Scheduled(hours);
    }
    return busyHours != null
        ? new ServingHours.ScaledToZero(busyHours)
        : new ServingHours.AlwaysOn();
  }

  private Optional<People> people() {
    if (peopleHours == null && peopleHourlyUsd == null) {
      return Optional.empty();
    }
    if (peopleHours == null || peopleHourlyUsd == null) {
      throw new IllegalArgumentException("--people-hours and --people-hourly-usd go together");
    }
    return Optional.of(new People(peopleHours, new Money(peopleHourlyUsd)));
  }
}
