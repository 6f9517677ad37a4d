package io.tuneplane.api;

import java.util.List;

/// The places and their state.
public interface BackendsApi {

  /// Every place that a decision plans over, by name: configured ones as they answer now, and the
  /// known ones that are not configured.
  List<BackendCard> list();
}
