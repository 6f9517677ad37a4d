package io.tuneplane.decision;

import io.tuneplane.cost.Measurements;
import io.tuneplane.cost.PriceBooks;
import io.tuneplane.policy.Attestation;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Everything outside the request that a decision rests on, as it was at that time, in a form that
/// can be stored.
///
/// @param places the backends, by name
/// @param book the price book's texts
/// @param policy the policy's text and what was attested beside it
/// @param measured speeds that were measured
/// @param architectures of models, as `config.json` names them, where they are known
public record World(
    List<Place> places,
    BookTexts book,
    PolicyTexts policy,
    Measurements measured,
    SortedMap<String, String> architectures) {

  public World {
    // The order in which places were asked must not matter.
    places = places.stream().sorted(Comparator.comparing(Place::backend)).toList();
    architectures = Collections.unmodifiableSortedMap(new TreeMap<>(architectures));
  }

  /// The price book.
  ///
  /// @param base a whole book
  /// @param overrides what is laid over it, in order
  public record BookTexts(PriceBooks.Text base, List<PriceBooks.Text> overrides) {
    public BookTexts {
      overrides = List.copyOf(overrides);
    }
  }

  /// The policy.
  ///
  /// @param name the file's name, for errors
  /// @param yaml its text; empty for the built-in policy
  /// @param attestations those kept in the data directory
  public record PolicyTexts(String name, Optional<String> yaml, List<Attestation> attestations) {

    /// The policy of whoever configured none.
    public static final PolicyTexts BUILT_IN =
        new PolicyTexts("built-in", Optional.empty(), List.of());

    public PolicyTexts {
      attestations =
          attestations.stream().sorted(Comparator.comparing(Attestation::toString)).toList();
    }
  }
}
