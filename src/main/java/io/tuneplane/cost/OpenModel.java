package io.tuneplane.cost;

import java.util.List;

/// A model with open weights.
///
/// @param id its hub id
/// @param label how people know it
/// @param also other names under which it is asked for
/// @param parameters how many parameters it has
public record OpenModel(String id, String label, List<String> also, PriceLine parameters) {

  public OpenModel {
    also = List.copyOf(also);
  }
}
