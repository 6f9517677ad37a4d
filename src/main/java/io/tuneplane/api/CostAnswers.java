package io.tuneplane.api;

import io.tuneplane.api.CostAnswer.Asked;
import io.tuneplane.api.CostAnswer.Assumed;
import io.tuneplane.api.CostAnswer.Breakeven;
import io.tuneplane.api.CostAnswer.EndOfLife;
import io.tuneplane.api.CostAnswer.Option;
import io.tuneplane.api.CostAnswer.Outlook;
import io.tuneplane.api.CostAnswer.Price;
import io.tuneplane.api.CostAnswer.Successor;
import io.tuneplane.api.CostAnswer.Training;
import io.tuneplane.cost.Bill;
import io.tuneplane.cost.Comparison;
import io.tuneplane.cost.CostOption;
import io.tuneplane.cost.Curve;
import io.tuneplane.cost.Factor;
import io.tuneplane.cost.Money;
import io.tuneplane.cost.Offer;
import io.tuneplane.cost.PriceBook;
import io.tuneplane.cost.PriceLine;
import io.tuneplane.cost.PriceUse;
import io.tuneplane.cost.Question;
import io.tuneplane.cost.Range;
import io.tuneplane.cost.TrainingVolume;
import io.tuneplane.cost.Workload;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Writes a comparison down as callers see it. Amounts are rounded here and nowhere before.
final class CostAnswers {

  private final PriceBook book;
  private final Question question;

  CostAnswers(PriceBook book, Question question) {
    this.book = book;
    this.question = question;
  }

  CostAnswer answer(Comparison comparison) {
    return new CostAnswer(
        comparison.options().stream()
            .map(option ->
                option(option, Optional.ofNullable(comparison.outlooks().get(option.offer().id()))))
            .toList(),
        comparison.breakevens().stream().map(CostAnswers::breakeven).toList(),
        comparison.curves().stream().map(CostAnswers::curve).toList(),
        comparison.leftOut(),
        asked());
  }

  private Asked asked() {
    TrainingVolume volume = question.training();
    return new Asked(
        book.name(),
        question.horizon().from(),
        question.horizon().months(),
        new Training(
            volume.examples(),
            volume.tokensPerExample().toPlainString(),
            volume.epochs(),
            volume.tokens().longValueExact()),
        question.workload().map(CostAnswers::workload),
        book.assumptions().values().stream().map(CostAnswers::assumed).toList());
  }

  private static CostAnswer.Workload workload(Workload load) {
    return new CostAnswer.Workload(
        text(load.monthlyRequests()),
        text(load.inputTokens()),
        text(load.outputTokens()),
        text(load.growthPerMonth()));
  }

  private static Assumed assumed(PriceLine line) {
    return new Assumed(
        line.item(),
        line.range().map(CostAnswers::text).orElse("unknown"),
        line.source().text(),
        line.source().readOn());
  }

  private static Option option(CostOption option, Optional<io.tuneplane.cost.Outlook> outlook) {
    Bill bill = option.bill();
    return new Option(
        option.provider(),
        option.backend(),
        option.model(),
        kind(option.offer()),
        bill.training().map(Money::text),
        bill.monthly().map(Money::text),
        bill.annual().map(Money::text),
        bill.total().map(Money::text),
        bill.trainingTokens().longValueExact(),
        bill.hours().map(hours -> hours.setScale(2, RoundingMode.HALF_EVEN).toPlainString()),
        option.prices().stream().map(CostAnswers::price).toList(),
        option.endOfLife().map(CostAnswers::endOfLife),
        outlook.map(CostAnswers::outlook),
        option.notes(),
        option.unknown());
  }

  private static String kind(Offer offer) {
    return switch (offer) {
      case Offer.Managed _ -> "managed";
      case Offer.Own _ -> "own";
    };
  }

  private static Price price(PriceUse use) {
    return new Price(
        use.item(),
        use.value().map(BigDecimal::toPlainString),
        use.source(),
        use.readOn(),
        use.stale());
  }

  private static EndOfLife endOfLife(io.tuneplane.cost.EndOfLife end) {
    return new EndOfLife(
        end.end().date(),
        end.end().source().text(),
        end.successor()
            .map(next ->
                new Successor(
                    next.provider(), next.model(), next.retrain().text(), next.serving().text())));
  }

  private static Outlook outlook(io.tuneplane.cost.Outlook outlook) {
    return new Outlook(
        outlook.p10().text(),
        outlook.p50().text(),
        outlook.p90().text(),
        outlook.cheapest().toPlainString(),
        outlook.movesMost().map(Factor::wireName));
  }

  private static Breakeven breakeven(io.tuneplane.cost.Breakeven breakeven) {
    return new Breakeven(
        breakeven.from().provider(),
        breakeven.to().provider(),
        breakeven.requestsPerMonth(),
        breakeven.basis(),
        breakeven.from().model(),
        breakeven.to().model(),
        breakeven.reachedIn().map(Object::toString),
        breakeven.paybackMonths());
  }

  private static CostAnswer.Curve curve(Curve curve) {
    return new CostAnswer.Curve(
        curve.offer().provider(),
        curve.offer().model(),
        kind(curve.offer()),
        curve.points().stream()
            .map(point -> new CostAnswer.Point(point.requests(), point.monthly().text()))
            .toList());
  }

  private static String text(Range range) {
    return range.isPoint()
        ? range.likely().toPlainString()
        : List.of(range.low(), range.likely(), range.high()).stream()
            .map(BigDecimal::toPlainString)
            .collect(Collectors.joining(".."));
  }
}
