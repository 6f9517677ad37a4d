package io.tuneplane.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// More of anything that costs never costs less.
class MonotonyTest {

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  private record Case(
      long examples, long tokens, int epochs, long requests, long input, long output, int cents) {

    static Case random(SplittableRandom random) {
      return new Case(
          random.nextLong(1, 20_000),
          random.nextLong(1, 2_000),
          random.nextInt(1, 10),
          random.nextLong(0, 5_000_000),
          random.nextLong(0, 2_000),
          random.nextLong(0, 2_000),
          random.nextInt(1, 500));
    }

    /// The same case with one of its numbers raised.
    Case more(SplittableRandom random) {
      int by = random.nextInt(1, 1000);
      return switch (random.nextInt(7)) {
        case 0 -> new Case(examples + by, tokens, epochs, requests, input, output, cents);
        case 1 -> new Case(examples, tokens + by, epochs, requests, input, output, cents);
        case 2 -> new Case(examples, tokens, epochs + 1, requests, input, output, cents);
        case 3 -> new Case(examples, tokens, epochs, requests + by, input, output, cents);
        case 4 -> new Case(examples, tokens, epochs, requests, input + by, output, cents);
        case 5 -> new Case(examples, tokens, epochs, requests, input, output + by, cents);
        default -> new Case(examples, tokens, epochs, requests, input, output, cents + by);
      };
    }

    List<BigDecimal> totals() {
      String usd = BigDecimal.valueOf(cents, 2).toPlainString();
      PriceBook book =
          Books.round(
              "{source: me, read_on: 2026-11-01, own: {rack: {hourly_usd: %s}}, managed: {cloud: {models: {there: {train_usd_per_million: %s, output_usd_per_million: %s}}}}}"
                  .formatted(usd, usd, usd));
      Question question =
          Question.of(
              TrainingVolume.of(examples, tokens, epochs),
              Optional.of(Workload.steady(requests, input, output)),
              Horizon.year(Asking.TODAY));
      Comparison comparison = Asking.compare(book, question);
      return List.of("Cloud", "Rack").stream()
          .map(provider -> Asking.option(comparison, provider).bill().total().orElseThrow().usd())
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void moreNeverCostsLess(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Case some = Case.random(random);
    Case more = some.more(random);

    List<BigDecimal> less = some.totals();
    List<BigDecimal> greater = more.totals();

    for (int i = 0; i < less.size(); i++) {
      assertThat(greater.get(i))
          .as("seed %d: %s against %s", seed, more, some)
          .isGreaterThanOrEqualTo(less.get(i));
    }
  }
}
