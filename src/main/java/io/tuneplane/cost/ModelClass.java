package io.tuneplane.cost;

import java.util.List;

/// Models that may stand in for each other: data of the price book (`tiny`, `small`, `large`).
///
/// @param name the class's name
/// @param members model ids of the book, managed and open
public record ModelClass(String name, List<String> members) {

  public ModelClass {
    members = List.copyOf(members);
  }
}
