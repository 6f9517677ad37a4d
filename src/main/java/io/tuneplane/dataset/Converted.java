package io.tuneplane.dataset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// An example in another format.
sealed interface Converted {

  /// It can be said.
  ///
  /// @param node the example
  /// @param losses what the format has no place for, for people
  record Written(ObjectNode node, List<String> losses) implements Converted {}

  /// It can't be said.
  ///
  /// @param reason why the format can't say it
  record Impossible(String reason) implements Converted {}
}
