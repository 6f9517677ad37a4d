package io.tuneplane.decision;

import io.tuneplane.backend.Method;
import io.tuneplane.decision.Decision.Change;
import io.tuneplane.policy.Flags;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// Where nothing is left: finds which constraint, given up alone, would leave something.
final class Relaxing {

  private final Solver solver;
  private final DecisionRequest request;
  private final Instant now;

  Relaxing(Solver solver, DecisionRequest request, Instant now) {
    this.solver = solver;
    this.request = request;
    this.now = now;
  }

  List<Change> ways() {
    List<Change> found = new ArrayList<>();
    Needs needs = request.needs();
    if (needs.budgetUsd().isPresent()) {
      Needs less =
          new Needs(needs.weights(), needs.residency(), Optional.empty(), needs.deadline());
      attempt("budget", "without the budget", request.with(less), found);
    }
    if (needs.deadline().isPresent()) {
      Needs less =
          new Needs(needs.weights(), needs.residency(), needs.budgetUsd(), Optional.empty());
      attempt("deadline", "without the deadline", request.with(less), found);
    }
    if (needs.residency().isPresent()) {
      Needs less =
          new Needs(needs.weights(), Optional.empty(), needs.budgetUsd(), needs.deadline());
      attempt("residency", "if the data may leave its region", request.with(less), found);
    }
    if (needs.weights()) {
      Needs less = new Needs(false, needs.residency(), needs.budgetUsd(), needs.deadline());
      attempt("weights", "if the weights may stay there", request.with(less), found);
    }
    flags(found);
    others(found);
    return found;
  }

  private void flags(List<Change> found) {
    Flags flags = request.data().flags();
    for (String flag : flags.names()) {
      TreeSet<String> fewer = new TreeSet<>(flags.names());
      fewer.remove(flag);
      attempt(
          "flag",
          "with an attestation for the flag " + flag + ", or without the flag",
          request.with(request.data().with(new Flags(fewer, flags.scan()))),
          found);
    }
    if (flags.names().size() > 1 && found.isEmpty()) {
      attempt(
          "flag",
          "with attestations for all its flags, or without flags",
          request.with(request.data().with(new Flags(new TreeSet<>(), flags.scan()))),
          found);
    }
  }

  private void others(List<Change> found) {
    if (request.wish().model().isPresent() && !request.wish().substitutes()) {
      attempt(
          "substitutes",
          "if another model of the same class will do (--substitutes)",
          request.with(request.wish().withSubstitutes()),
          found);
    }
    for (String name : solver.book().reference().classes().stream().map(c -> c.name()).toList()) {
      attempt("model", "with a model of class " + name, request.with(Wish.ofClass(name)), found);
    }
    if (request.method() == Method.DPO) {
      attempt(
          "method",
          "with supervised tuning",
          new DecisionRequest(
              request.wish(),
              Method.SUPERVISED,
              request.data(),
              request.needs(),
              request.forecast()),
          found);
    }
  }

  private void attempt(String kind, String condition, DecisionRequest relaxed, List<Change> found) {
    Optional<Solver.Scored> best = solver.solve(relaxed, now).best();
    if (best.isPresent()) {
      found.add(WhatIf.change(kind, condition, best));
    }
  }
}
