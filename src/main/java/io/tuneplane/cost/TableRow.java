package io.tuneplane.cost;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// A row of the provider comparison.
///
/// @param aspect what is compared
/// @param byProvider the words for each provider
/// @param source who says so
public record TableRow(String aspect, Map<String, String> byProvider, Source source) {

  public TableRow {
    byProvider = Collections.unmodifiableMap(new LinkedHashMap<>(byProvider));
  }
}
