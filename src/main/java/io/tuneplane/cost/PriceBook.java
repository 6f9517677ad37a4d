package io.tuneplane.cost;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Prices, limits, efficiencies, end dates and statements of providers, each with its source and
/// the day on which it was read. Made by [PriceBooks].
///
/// @param name the book's name
/// @param staleAfterDays a line that was read longer ago than this is marked in every answer
/// @param assumptions the numbers behind the formulas
/// @param managed providers by name
/// @param own our hardware and the open models
/// @param reference what is shown and looked up rather than computed with
public record PriceBook(
    String name,
    int staleAfterDays,
    Map<Factor, PriceLine> assumptions,
    Map<String, ManagedProvider> managed,
    Own own,
    Reference reference) {

  public PriceBook {
    assumptions = Collections.unmodifiableMap(new LinkedHashMap<>(assumptions));
    managed = Collections.unmodifiableMap(new LinkedHashMap<>(managed));
  }

  /// Our hardware and the open models.
  ///
  /// @param places by name
  /// @param shown names of the places that are compared where none is asked for
  /// @param models by id
  public record Own(
      Map<String, OwnPlace> places, List<String> shown, Map<String, OpenModel> models) {
    public Own {
      places = Collections.unmodifiableMap(new LinkedHashMap<>(places));
      shown = List.copyOf(shown);
      models = Collections.unmodifiableMap(new LinkedHashMap<>(models));
    }
  }

  /// What is shown and looked up.
  ///
  /// @param classes model classes, smallest first
  /// @param compliance what providers state of themselves
  /// @param comparison the provider comparison's rows
  /// @param example the volume and the workload that the book's own text computes with, if it has
  ///   any
  public record Reference(
      List<ModelClass> classes,
      List<ComplianceFact> compliance,
      List<TableRow> comparison,
      Optional<Example> example) {
    public Reference {
      classes = List.copyOf(classes);
      compliance = List.copyOf(compliance);
      comparison = List.copyOf(comparison);
    }
  }

  /// A volume and a workload.
  public record Example(TrainingVolume training, Workload workload) {}

  /// The class that a model belongs to. Other names of a model are understood.
  public Optional<ModelClass> classOf(String model) {
    String id = canonical(model);
    return reference.classes().stream().filter(c -> c.members().contains(id)).findFirst();
  }

  /// The class of that name.
  public Optional<ModelClass> modelClass(String name) {
    return reference.classes().stream().filter(c -> c.name().equals(name)).findFirst();
  }

  /// The id under which the book knows a model; the name itself where it doesn't. Upper and lower
  /// case are the same.
  public String canonical(String model) {
    Stream<Named> known =
        Stream.concat(
            managed.values().stream()
                .flatMap(provider -> provider.models().values().stream())
                .map(m -> new Named(m.id(), m.also())),
            own.models().values().stream().map(m -> new Named(m.id(), m.also())));
    return known.filter(named -> named.is(model)).map(Named::id).findFirst().orElse(model);
  }

  private record Named(String id, List<String> also) {
    boolean is(String name) {
      return id.equalsIgnoreCase(name) || also.stream().anyMatch(name::equalsIgnoreCase);
    }
  }

  /// When a model stops, where the book knows. Models that people hold themselves don't.
  public Optional<EndDate> endOf(String model) {
    String id = canonical(model);
    return managed.values().stream()
        .map(provider -> Optional.ofNullable(provider.models().get(id)))
        .flatMap(Optional::stream)
        .findFirst()
        .flatMap(ManagedModel::end);
  }
}
