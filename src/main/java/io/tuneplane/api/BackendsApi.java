package io.tuneplane.api;

import java.util.List;

/// The places and their state.
public interface BackendsApi {

  /// Every place that a decision plans over, by name: configured ones as they answer now, and the
  /// known ones that are not configured.
  List<BackendCard> list();

  /// Providers side by side.
  ///
  /// @param book a shipped price book: `tuneplane` for today's facts, `section-13.4` for those of
  ///   the text that the product was asked for from
  /// @throws RequestException if there is no such book
  ProviderTable compare(String book);
}
