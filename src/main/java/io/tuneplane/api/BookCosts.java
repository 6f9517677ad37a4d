package io.tuneplane.api;

import io.tuneplane.cost.Comparison;
import io.tuneplane.cost.CostModel;
import io.tuneplane.cost.Measurements;
import io.tuneplane.cost.ModelClass;
import io.tuneplane.cost.Offer;
import io.tuneplane.cost.PriceBook;
import io.tuneplane.cost.Question;
import io.tuneplane.job.PriceBookLibrary;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Supplier;

/// Answers from price books. Safe for many threads.
public final class BookCosts implements CostsApi {

  private static final String DEFAULT_CLASS = "small";
  private static final String ALL = "all";

  private final PriceBookLibrary library;
  private final Supplier<Measurements> measured;
  private final InstantSource clock;

  /// @param library where price books are found
  /// @param measured the speeds that jobs have reached so far
  /// @param clock says what day it is, in UTC
  public BookCosts(PriceBookLibrary library, Supplier<Measurements> measured, InstantSource clock) {
    this.library = library;
    this.measured = measured;
    this.clock = clock;
  }

  @Override
  public CostAnswer compare(CostRequest request) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    PriceBook book = library.book(request.basis().book(), today);
    Question question = new CostQuestions(book, today, measured.get()).from(request);
    Comparison comparison =
        new CostModel(book).compare(offers(book, request.selection()), question);
    return new CostAnswers(book, question).answer(comparison);
  }

  private static List<Offer> offers(PriceBook book, CostRequest.Selection selection) {
    CostModel model = new CostModel(book);
    List<Offer> all =
        selection.models().isEmpty()
            ? ofClass(book, model, selection)
            : model.offers(known(book, selection.models()));
    List<String> places =
        selection.places().isEmpty()
            ? book.own().shown()
            : selection.places().contains(ALL)
                ? List.copyOf(book.own().places().keySet())
                : knownPlaces(book, selection.places());
    return all.stream()
        .filter(offer -> !(offer instanceof Offer.Own own) || places.contains(own.place().id()))
        .toList();
  }

  private static List<Offer> ofClass(
      PriceBook book, CostModel model, CostRequest.Selection selection) {
    if (selection.modelClass().isEmpty() && book.reference().classes().isEmpty()) {
      return model.offers();
    }
    String name = selection.modelClass().orElse(DEFAULT_CLASS);
    return model.offers(
        book.modelClass(name)
            .map(ModelClass::members)
            .orElseThrow(() ->
                CostQuestions.wrong(
                    "class",
                    "no class '%s' in this price book; it has %s"
                        .formatted(
                            name,
                            book.reference().classes().stream().map(ModelClass::name).toList()))));
  }

  private static List<String> known(PriceBook book, List<String> models) {
    CostModel model = new CostModel(book);
    for (String name : models) {
      if (model.offers(List.of(name)).isEmpty()) {
        throw CostQuestions.wrong(
            "model",
            "no '%s' in this price book; it has %s"
                .formatted(name, model.offers().stream().map(Offer::model).distinct().toList()));
      }
    }
    return models;
  }

  private static List<String> knownPlaces(PriceBook book, List<String> places) {
    for (String place : places) {
      if (!book.own().places().containsKey(place)) {
        throw CostQuestions.wrong(
            "place",
            "no '%s' in this price book; it has %s".formatted(place, book.own().places().keySet()));
      }
    }
    return places;
  }
}
