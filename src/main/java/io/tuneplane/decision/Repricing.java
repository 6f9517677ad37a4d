package io.tuneplane.decision;

import io.tuneplane.cost.ManagedModel;
import io.tuneplane.cost.ManagedProvider;
import io.tuneplane.cost.Offer;
import io.tuneplane.cost.OwnPlace;
import io.tuneplane.cost.PriceBook;
import io.tuneplane.cost.PriceLine;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;

/// A price book in which one offer costs more or less than it does.
final class Repricing {

  private Repricing() {}

  /// The book with the offer's prices multiplied: a provider's prices of that model, or the hour of
  /// that hardware.
  static PriceBook of(PriceBook book, Offer offer, BigDecimal factor) {
    return switch (offer) {
      case Offer.Managed(ManagedProvider place, ManagedModel tuned) -> {
        Map<String, ManagedProvider> providers = new LinkedHashMap<>(book.managed());
        providers.put(place.id(), scaled(place, tuned, factor));
        yield new PriceBook(
            book.name(),
            book.staleAfterDays(),
            book.assumptions(),
            providers,
            book.own(),
            book.reference());
      }
      case Offer.Own own -> {
        Map<String, OwnPlace> places = new LinkedHashMap<>(book.own().places());
        places.put(own.place().id(), scaled(own.place(), factor));
        yield new PriceBook(
            book.name(),
            book.staleAfterDays(),
            book.assumptions(),
            book.managed(),
            new PriceBook.Own(places, book.own().shown(), book.own().models()),
            book.reference());
      }
    };
  }

  private static ManagedProvider scaled(
      ManagedProvider place, ManagedModel model, BigDecimal factor) {
    Map<String, ManagedModel> models = new LinkedHashMap<>(place.models());
    ManagedModel.Tariff tariff = model.tariff();
    models.put(
        model.id(),
        new ManagedModel(
            model.id(),
            model.label(),
            model.also(),
            new ManagedModel.Tariff(
                scaled(tariff.training(), factor),
                scaled(tariff.input(), factor),
                scaled(tariff.cachedInput(), factor),
                scaled(tariff.output(), factor)),
            model.end()));
    return new ManagedProvider(
        place.id(),
        place.backend(),
        place.noNewJobs(),
        place.firstResultHours(),
        place.limits(),
        models);
  }

  private static OwnPlace scaled(OwnPlace place, BigDecimal factor) {
    OwnPlace.Rate rate = place.rate();
    return new OwnPlace(
        place.id(),
        place.label(),
        place.backend(),
        place.gpu(),
        new OwnPlace.Rate(
            scaled(rate.hourly(), factor), rate.trainingSpeed(), rate.servingCapacity()),
        place.models());
  }

  private static PriceLine scaled(PriceLine line, BigDecimal factor) {
    return new PriceLine(
        line.item(), line.value().map(factor::multiply), line.spread(), line.source());
  }
}
