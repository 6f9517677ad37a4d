package io.tuneplane.backend.openai;

import io.tuneplane.cost.EndDate;
import io.tuneplane.cost.ManagedModel;
import io.tuneplane.cost.ManagedProvider;
import io.tuneplane.cost.PriceBook;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// What is known of the host before it is asked: its models, limits and end dates, from the price
/// book where it is OpenAI itself, else from the settings. Safe for many threads.
final class Facts {

  /// The provider's name in the price book.
  private static final String PROVIDER = "openai";

  private final OpenAiSettings settings;
  private final Supplier<PriceBook> book;

  Facts(OpenAiSettings settings, Supplier<PriceBook> book) {
    this.settings = settings;
    this.book = book;
  }

  /// The base models that may be tuned, by their ids at the host.
  List<String> models() {
    if (!settings.models().isEmpty()) {
      return settings.models();
    }
    return provider().map(p -> List.copyOf(p.models().keySet())).orElse(List.of());
  }

  /// The host's own id of a model that goes by several names.
  String id(String model) {
    return settings.official() ? book.get().canonical(model) : model;
  }

  /// When the host takes no new job any more.
  Optional<EndDate> noNewJobs() {
    return provider().flatMap(ManagedProvider::noNewJobs).filter(EndDate::isAnnounced);
  }

  /// When a base model, and every fine-tune of it, stops.
  Optional<EndDate> end(String model) {
    return provider()
        .flatMap(p -> Optional.ofNullable(p.models().get(id(model))))
        .flatMap(ManagedModel::end)
        .filter(EndDate::isAnnounced);
  }

  private Optional<ManagedProvider> provider() {
    return settings.official()
        ? Optional.ofNullable(book.get().managed().get(PROVIDER))
        : Optional.empty();
  }
}
