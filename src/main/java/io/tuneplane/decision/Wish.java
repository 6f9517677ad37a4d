package io.tuneplane.decision;

import java.util.Optional;

/// Which model is wanted. A named model means that model only, wherever it can be had; with
/// `substitutes`, its class. Neither a model nor a class named: class `small`.
///
/// @param model a catalogue id, another name of it, or a hub id
/// @param modelClass a class of the price book, where no model is named
/// @param substitutes whether another model of the same class will do
public record Wish(Optional<String> model, Optional<String> modelClass, boolean substitutes) {

  /// The class of whoever names neither a model nor a class.
  public static final String DEFAULT_CLASS = "small";

  /// Nothing in particular.
  public static final Wish ANY = new Wish(Optional.empty(), Optional.empty(), false);

  /// This model only.
  public static Wish model(String name) {
    return new Wish(Optional.of(name), Optional.empty(), false);
  }

  /// Any model of this class.
  public static Wish ofClass(String name) {
    return new Wish(Optional.empty(), Optional.of(name), false);
  }

  /// The same, content with another model of the class.
  public Wish withSubstitutes() {
    return new Wish(model, modelClass, true);
  }
}
