package io.tuneplane.decision;

import io.tuneplane.backend.Availability;
import io.tuneplane.cost.Bill;
import io.tuneplane.cost.ComplianceFact;
import io.tuneplane.cost.Money;
import io.tuneplane.cost.PriceBooks;
import io.tuneplane.decision.Decision.Amounts;
import io.tuneplane.decision.Decision.Basis;
import io.tuneplane.decision.Decision.Ranked;
import io.tuneplane.decision.Decision.Rejected;
import io.tuneplane.decision.Solver.Scored;
import io.tuneplane.decision.Solver.Struck;
import io.tuneplane.policy.Policy;
import io.tuneplane.policy.PolicyEngine;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Decides. Pure: no I/O, no clock, no chance; the same inputs give the same answer.
public final class Decider {

  private Decider() {}

  /// The choice of a place and a model, with everything that led to it.
  ///
  /// @throws DecisionException if the request names something that isn't known
  /// @throws io.tuneplane.cost.PriceBookException if the price book's text is broken
  /// @throws io.tuneplane.policy.PolicyException if the policy's text is broken
  public static Decision decide(DecisionInputs inputs) {
    Solver solver = solver(inputs.world());
    DecisionRequest request = inputs.request();
    Solver.Outcome outcome = solver.solve(request, inputs.now());
    List<Ranked> ranked = outcome.ranked().stream().map(Decider::ranked).toList();
    return new Decision(
        ranked.stream().findFirst().map(Ranked::choice),
        Reasons.why(ranked, request),
        ranked,
        outcome.struck().stream().map(Decider::rejected).toList(),
        outcome.best().isPresent()
            ? new WhatIf(solver, request, inputs.now(), outcome).changes()
            : List.of(),
        outcome.best().isPresent() ? List.of() : new Relaxing(solver, request, inputs.now()).ways(),
        advice(solver, request, outcome),
        DecisionJson.digest(inputs));
  }

  private static Solver solver(World world) {
    Policy policy =
        world
            .policy()
            .yaml()
            .map(text -> Policy.parse(world.policy().name(), text))
            .orElseGet(Policy::builtIn)
            .with(world.policy().attestations());
    return new Solver(
        world,
        PriceBooks.parse(world.book().base(), world.book().overrides()),
        new PolicyEngine(policy));
  }

  private static Ranked ranked(Scored scored) {
    Candidate candidate = scored.candidate();
    Readiness readiness = Readiness.of(candidate.place().availability());
    Bill bill = scored.option().bill();
    return new Ranked(
        candidate.place().backend(),
        candidate.offer().model(),
        candidate.offer().id(),
        candidate.offer().provider(),
        new Amounts(
            bill.training().map(Money::text),
            bill.monthly().map(Money::text),
            bill.total().map(Money::text)),
        bill.hours().map(Reasons::hours),
        readiness.ready(),
        readiness.state(),
        readiness.step(),
        scored.evidence(),
        new Basis(
            scored.option().prices(),
            scored.option().notes(),
            scored.option().unknown(),
            scored.option().endOfLife().map(end -> Reasons.end(candidate.offer().model(), end))));
  }

  /// How a place's availability is told.
  private record Readiness(boolean ready, String state, Optional<String> step) {

    static Readiness of(Availability availability) {
      return switch (availability) {
        case Availability.Ready _ -> new Readiness(true, "ready", Optional.empty());
        // Nobody knows before a job is created, so a job is how to find out.
        case Availability.Unverified(String reason) ->
            new Readiness(true, "unverified", Optional.of(reason));
        case Availability.NeedsSetup(String step) ->
            new Readiness(false, "needs_setup", Optional.of(step));
        case Availability.Closed(String words, var _) ->
            throw new IllegalStateException("a closed place is struck out: " + words);
      };
    }
  }

  private static Rejected rejected(Struck struck) {
    Candidate candidate = struck.candidate();
    Objection first = struck.objections().getFirst();
    return new Rejected(
        candidate.place().backend(),
        candidate.offer().model(),
        candidate.offer().id(),
        first.rule(),
        first.reason(),
        first.evidence(),
        struck.objections().subList(1, struck.objections().size()));
  }

  private static List<String> advice(
      Solver solver, DecisionRequest request, Solver.Outcome outcome) {
    Set<String> providers =
        outcome.candidates().map(c -> c.place().provider()).collect(Collectors.toSet());
    return solver.book().reference().compliance().stream()
        .filter(fact -> request.data().flags().names().contains(fact.capability()))
        .filter(fact -> providers.contains(fact.provider()))
        .map(Decider::words)
        .toList();
  }

  private static String words(ComplianceFact fact) {
    return "%s on %s (%s, %s): %s%s; %s, read %s. Advice, not leave."
        .formatted(
            fact.provider(),
            fact.capability(),
            fact.endpoint(),
            fact.region(),
            fact.value().name().toLowerCase(Locale.ROOT),
            fact.source().note().map(note -> ", " + note).orElse(""),
            fact.source().text(),
            fact.source().readOn());
  }
}
