package io.tuneplane.decision;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.tuneplane.cost.PriceUse;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/// The answer, with everything that led to it. Amounts are US dollars with two decimals, as text.
///
/// @param choice the best place and model that nothing forbids; empty where nothing is left
/// @param why what speaks for the choice, as sentences
/// @param ranked everything that nothing forbids, best first
/// @param rejected everything that something forbids
/// @param whatWouldChange what would make the choice another one, each found by deciding again
/// @param relax where nothing is left: what to give up, and what that would bring
/// @param advice what providers state of themselves for the data's flags: advice, never leave
/// @param inputsDigest SHA-256 of the inputs in their canonical form, in hex
public record Decision(
    Optional<Choice> choice,
    List<String> why,
    List<Ranked> ranked,
    List<Rejected> rejected,
    List<Change> whatWouldChange,
    List<Change> relax,
    List<String> advice,
    String inputsDigest) {

  public Decision {
    why = List.copyOf(why);
    ranked = List.copyOf(ranked);
    rejected = List.copyOf(rejected);
    whatWouldChange = List.copyOf(whatWouldChange);
    relax = List.copyOf(relax);
    advice = List.copyOf(advice);
  }

  /// A place and a model.
  ///
  /// @param backend the backend
  /// @param model the base model
  /// @param offer the price book's name of the two together, unique
  /// @param totalUsd the cost over the horizon; empty where it is unknown
  public record Choice(String backend, String model, String offer, Optional<String> totalUsd) {}

  /// A place and a model that nothing forbids.
  ///
  /// @param backend the backend
  /// @param model the base model
  /// @param offer the price book's name of the two together
  /// @param provider how people know the place
  /// @param bill the amounts
  /// @param hoursToResult hours until the tuned model is there; empty where that is unknown
  /// @param ready whether a job may be sent there now
  /// @param state `ready`, `needs_setup` or `unverified`
  /// @param setup what to do first, or why it is not known
  /// @param evidence of the policy, that data may go there
  /// @param basis the price lines, notes and unknowns behind the amounts
  public record Ranked(
      String backend,
      String model,
      String offer,
      String provider,
      @JsonUnwrapped Amounts bill,
      Optional<BigDecimal> hoursToResult,
      boolean ready,
      String state,
      Optional<String> setup,
      List<String> evidence,
      Basis basis) {

    /// The cost over the horizon; empty where it is unknown.
    public Optional<String> totalUsd() {
      return bill.totalUsd();
    }

    Choice choice() {
      return new Choice(backend, model, offer, totalUsd());
    }
  }

  /// Costs in US dollars, two decimals; empty where unknown.
  ///
  /// @param trainingUsd the tuning job
  /// @param monthlyUsd serving in the first month
  /// @param totalUsd both over the horizon, with what comes after a model that stops
  public record Amounts(
      Optional<String> trainingUsd, Optional<String> monthlyUsd, Optional<String> totalUsd) {}

  /// What amounts rest on.
  ///
  /// @param prices the lines of the price book
  /// @param notes what was assumed, measured or left out
  /// @param unknown what would have to be known
  /// @param end when the model stops inside the horizon, and what then comes after it, as a
  ///   sentence
  public record Basis(
      List<PriceUse> prices, List<String> notes, List<String> unknown, Optional<String> end) {}

  /// A place and a model that something forbids.
  ///
  /// @param backend the backend
  /// @param model the base model
  /// @param offer the price book's name of the two together
  /// @param rule what forbids it
  /// @param reason the same as a sentence
  /// @param evidence what that rests on
  /// @param also what else forbids it
  public record Rejected(
      String backend,
      String model,
      String offer,
      String rule,
      String reason,
      List<String> evidence,
      List<Objection> also) {}

  /// Another question, and its answer.
  ///
  /// @param kind `volume`, `price`, `flag`, `date`, `substitutes`, or a constraint to relax
  /// @param condition what would have to be so, as a phrase
  /// @param choice what would be chosen then; empty where nothing would be left
  public record Change(String kind, String condition, Optional<Choice> choice) {}

  /// The first place that takes a job now, for whoever wants to begin at once.
  public Optional<Ranked> firstReady() {
    return ranked.stream().filter(Ranked::ready).findFirst();
  }

  /// The places that would be better than [#firstReady] but are not ready; all of them where
  /// nothing is.
  public List<Ranked> betterButNotReady() {
    return ranked.stream().takeWhile(option -> !option.ready()).toList();
  }
}
