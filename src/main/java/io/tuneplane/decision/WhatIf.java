package io.tuneplane.decision;

import io.tuneplane.cost.EndDate;
import io.tuneplane.cost.Offer;
import io.tuneplane.cost.Workload;
import io.tuneplane.decision.Decision.Change;
import io.tuneplane.decision.Decision.Choice;
import io.tuneplane.decision.Solver.Scored;
import io.tuneplane.policy.Attestation;
import io.tuneplane.policy.Flags;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/// Finds what would make the choice another one, by deciding again with one thing changed.
final class WhatIf {

  /// The most requests a month that are tried.
  private static final long MOST_REQUESTS = 10_000_000_000L;

  /// How much dearer, in percent, a price is tried at most.
  private static final long MOST_PERCENT = 1000;

  /// A flag that every installation knows: what any flag at all would change.
  private static final String ANY_FLAG = "confidential";

  private final Solver solver;
  private final DecisionRequest request;
  private final Instant now;
  private final Optional<Scored> best;
  private final Optional<Scored> rival;

  WhatIf(Solver solver, DecisionRequest request, Instant now, Solver.Outcome outcome) {
    this.solver = solver;
    this.request = request;
    this.now = now;
    this.best = outcome.best();
    this.rival =
        outcome.ranked().stream()
            .filter(scored -> !place(scored).equals(best.map(WhatIf::place).orElse("")))
            .findFirst();
  }

  List<Change> changes() {
    return Stream.of(volume(), price(), flags(), dates(), substitutes())
        .flatMap(List::stream)
        .toList();
  }

  private List<Change> volume() {
    Optional<Workload> load =
        request
            .forecast()
            .workload()
            .or(() ->
                request
                    .data()
                    .means()
                    .map(means -> Workload.steady(0, means.inputTokens(), means.outputTokens())));
    if (load.isEmpty() || best.isEmpty()) {
      return List.of();
    }
    long likely = load.get().monthlyRequests().likely().longValue();
    LongFunction<Optional<Scored>> at = requests -> best(withRequests(load.get(), requests));
    List<Change> found = new ArrayList<>();
    Breakpoint.above(likely, MOST_REQUESTS, requests -> differs(at.apply(requests)))
        .ifPresent((long n) ->
            found.add(change("volume", "from %s a month on".formatted(requests(n)), at.apply(n))));
    Breakpoint.below(likely, requests -> differs(at.apply(requests)))
        .ifPresent((long n) ->
            found.add(change("volume", "up to %s a month".formatted(requests(n)), at.apply(n))));
    return found;
  }

  private static String requests(long n) {
    return n == 1 ? "1 request" : String.format(Locale.ROOT, "%,d requests", n);
  }

  private DecisionRequest withRequests(Workload load, long requests) {
    return request.with(request.forecast().with(Forecast.withRequests(load, requests)));
  }

  private List<Change> price() {
    List<Change> found = new ArrayList<>();
    rival
        .filter(scored -> scored.total().isPresent())
        .ifPresent(scored ->
            Breakpoint.above(0, 99, percent -> differs(repriced(scored, 100 - percent)))
                .ifPresent(percent ->
                    found.add(
                        change(
                            "price",
                            "if %s were %d %% cheaper".formatted(name(scored), percent),
                            repriced(scored, 100 - percent)))));
    best.filter(scored -> scored.total().isPresent())
        .ifPresent(scored ->
            Breakpoint.above(0, MOST_PERCENT, percent -> differs(repriced(scored, 100 + percent)))
                .ifPresent(percent ->
                    found.add(
                        change(
                            "price",
                            "if %s were %d %% dearer".formatted(name(scored), percent),
                            repriced(scored, 100 + percent)))));
    return found;
  }

  private Optional<Scored> repriced(Scored scored, long percent) {
    return solver
        .with(
            Repricing.of(
                solver.book(),
                scored.candidate().offer(),
                BigDecimal.valueOf(percent).movePointLeft(2)))
        .solve(request, now)
        .best();
  }

  private List<Change> flags() {
    List<Change> found = new ArrayList<>();
    Flags flags = request.data().flags();
    for (String flag : flags.names()) {
      TreeSet<String> fewer = new TreeSet<>(flags.names());
      fewer.remove(flag);
      ifDifferent("flag", "without the flag " + flag, best(with(new Flags(fewer, flags.scan()))))
          .ifPresent(found::add);
    }
    if (flags.names().isEmpty()) {
      ifDifferent(
              "flag",
              "with a flag that keeps data on own hardware",
              best(with(Flags.of(List.of(ANY_FLAG), flags.scan()))))
          .ifPresent(found::add);
    }
    return found;
  }

  private DecisionRequest with(Flags flags) {
    return request.with(request.data().with(flags));
  }

  /// Days on which something ends, and what would be chosen on them.
  private List<Change> dates() {
    List<Change> found = new ArrayList<>();
    Optional<Scored> before = best;
    for (LocalDate day : days()) {
      Optional<Scored> then =
          solver.solve(request, day.atStartOfDay(ZoneOffset.UTC).toInstant()).best();
      if (!id(then).equals(id(before))) {
        found.add(change("date", "from " + day + " on", then));
      }
      before = then;
    }
    return found;
  }

  private NavigableSet<LocalDate> days() {
    Stream<LocalDate> ends =
        solver.book().managed().values().stream()
            .flatMap(provider ->
                Stream.concat(
                    provider.noNewJobs().stream(),
                    provider.models().values().stream().flatMap(model -> model.end().stream())))
            .filter(EndDate::isAnnounced)
            .map(EndDate::date);
    Stream<LocalDate> leave =
        solver.policy().policy().attestations().stream()
            .map(Attestation::until)
            .map(day -> day.plusDays(1));
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    LocalDate last = today.plusMonths(request.forecast().horizonMonths());
    NavigableSet<LocalDate> days = new TreeSet<>();
    Stream.concat(ends, leave)
        .filter(day -> day.isAfter(today) && !day.isAfter(last))
        .forEach(days::add);
    return days;
  }

  private List<Change> substitutes() {
    if (request.wish().model().isEmpty() || request.wish().substitutes()) {
      return List.of();
    }
    return ifDifferent(
            "substitutes",
            "if another model of the same class will do (--substitutes)",
            best(request.with(request.wish().withSubstitutes())))
        .stream()
        .toList();
  }

  private Optional<Scored> best(DecisionRequest changed) {
    return solver.solve(changed, now).best();
  }

  private boolean differs(Optional<Scored> other) {
    return !id(other).equals(id(best));
  }

  private Optional<Change> ifDifferent(String kind, String condition, Optional<Scored> then) {
    return differs(then) ? Optional.of(change(kind, condition, then)) : Optional.empty();
  }

  static Change change(String kind, String condition, Optional<Scored> then) {
    return new Change(kind, condition, then.map(WhatIf::choice));
  }

  static Choice choice(Scored scored) {
    return new Choice(
        scored.candidate().place().backend(),
        scored.candidate().offer().model(),
        scored.candidate().offer().id(),
        scored.total().map(total -> total.text()));
  }

  private static Optional<String> id(Optional<Scored> scored) {
    return scored.map(s -> s.candidate().offer().id());
  }

  /// What has a price of its own: models on the same hardware get dearer together.
  private static String place(Scored scored) {
    return switch (scored.candidate().offer()) {
      case Offer.Managed managed -> managed.id();
      case Offer.Own own -> own.place().id();
    };
  }

  private static String name(Scored scored) {
    return scored.candidate().offer().id();
  }
}
