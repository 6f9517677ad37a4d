package io.tuneplane.api;

import io.tuneplane.api.CostRequest.Load;
import io.tuneplane.api.CostRequest.Volume;
import io.tuneplane.backend.Problem;
import io.tuneplane.cost.Horizon;
import io.tuneplane.cost.Measurements;
import io.tuneplane.cost.PriceBook;
import io.tuneplane.cost.PriceBook.Example;
import io.tuneplane.cost.Question;
import io.tuneplane.cost.Range;
import io.tuneplane.cost.TrainingVolume;
import io.tuneplane.cost.Workload;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes a whole question out of a request and a price book's example, and says what is missing.
final class CostQuestions {

  private static final int DEFAULT_EPOCHS = 3;

  private final Optional<Example> example;
  private final LocalDate today;
  private final Measurements measured;

  CostQuestions(PriceBook book, LocalDate today, Measurements measured) {
    this.example = book.reference().example();
    this.today = today;
    this.measured = measured;
  }

  static RequestException wrong(String field, String message) {
    return new RequestException(List.of(new Problem(field, message)));
  }

  Question from(CostRequest request) {
    try {
      return new Question(
          training(request.volume()),
          workload(request.load()),
          new Horizon(today, request.basis().months()),
          request.own(),
          measured,
          request.basis().seed());
    } catch (IllegalArgumentException e) {
      throw wrong("cost", String.valueOf(e.getMessage()));
    }
  }

  private TrainingVolume training(Volume volume) {
    Optional<TrainingVolume> usual = example.map(Example::training);
    List<Problem> missing = new ArrayList<>();
    long examples =
        orMissing(
            volume.examples().or(() -> usual.map(TrainingVolume::examples)),
            "examples",
            0L,
            missing);
    BigDecimal tokens =
        orMissing(
            volume.tokensPerExample().or(() -> usual.map(TrainingVolume::tokensPerExample)),
            "tokens-per-example",
            BigDecimal.ZERO,
            missing);
    int epochs = volume.epochs().or(() -> usual.map(TrainingVolume::epochs)).orElse(DEFAULT_EPOCHS);
    refuse(missing);
    return new TrainingVolume(examples, tokens, epochs);
  }

  private Optional<Workload> workload(Load load) {
    Optional<Workload> usual = example.map(Example::workload);
    Optional<Range> requests =
        load.monthlyRequests().or(() -> usual.map(Workload::monthlyRequests));
    if (requests.isEmpty()) {
      return Optional.empty();
    }
    List<Problem> missing = new ArrayList<>();
    Range none = Range.of(0);
    Range input =
        orMissing(
            load.inputTokens().or(() -> usual.map(Workload::inputTokens)),
            "input-tokens",
            none,
            missing);
    Range output =
        orMissing(
            load.outputTokens().or(() -> usual.map(Workload::outputTokens)),
            "output-tokens",
            none,
            missing);
    refuse(missing);
    return Optional.of(
        new Workload(
            requests.get(),
            input,
            output,
            load.cachedShare(),
            load.growthPerMonth(),
            load.peakToMean()));
  }

  private static <T> T orMissing(
      Optional<T> value, String field, T instead, List<Problem> missing) {
    if (value.isEmpty()) {
      missing.add(new Problem(field, "is needed; give it as --" + field));
    }
    return value.orElse(instead);
  }

  private static void refuse(List<Problem> missing) {
    if (!missing.isEmpty()) {
      throw new RequestException(missing);
    }
  }
}
