package io.tuneplane.cost;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;

/// What the accelerators of a place can do with a model.
final class Hardware {

  /// Weights are held in 16 bits.
  private static final BigDecimal BYTES_PER_PARAMETER = BigDecimal.TWO;

  private static final BigDecimal GIB = BigDecimal.valueOf(1L << 30);
  private static final BigDecimal MOST_ACCELERATORS = BigDecimal.valueOf(64);

  private final Offer.Own offer;
  private final Scenario scenario;
  private final Ledger ledger;

  Hardware(Offer.Own offer, Scenario scenario, Ledger ledger) {
    this.offer = offer;
    this.scenario = scenario;
    this.ledger = ledger;
  }

  /// Tokens a second of one accelerator: efficiency times peak FLOP/s over the FLOP of a token.
  Optional<BigDecimal> speed(Factor efficiency, BigDecimal flopPerParameter) {
    Optional<Gpu> gpu = offer.place().gpu();
    if (gpu.isEmpty()) {
      ledger.unknown("own.%s.gpu: what it computes with".formatted(offer.place().id()));
      return Optional.empty();
    }
    ledger.use(scenario.line(efficiency));
    Optional<BigDecimal> peak = ledger.use(gpu.get().peakFlops());
    Optional<BigDecimal> parameters = ledger.use(offer.tuned().parameters());
    return peak.flatMap(flops ->
        parameters.map(n ->
            scenario
                .get(efficiency)
                .multiply(flops)
                .divide(flopPerParameter.multiply(n), MathContext.DECIMAL128)));
  }

  /// How many accelerators hold the model: the smallest power of two whose usable memory takes its
  /// 16-bit weights and what comes on top of them; one where the book doesn't say.
  BigDecimal accelerators() {
    Optional<BigDecimal> memory =
        offer
            .place()
            .gpu()
            .map(Gpu::memoryGib)
            .filter(line -> line.value().isPresent())
            .flatMap(ledger::use);
    Optional<BigDecimal> parameters = offer.tuned().parameters().value();
    if (memory.isEmpty() || parameters.isEmpty()) {
      return BigDecimal.ONE;
    }
    ledger.use(offer.tuned().parameters());
    BigDecimal usable = memory.get().multiply(GIB).multiply(scenario.get(Factor.USABLE_MEMORY));
    BigDecimal needed =
        parameters.get().multiply(BYTES_PER_PARAMETER).multiply(scenario.get(Factor.MEMORY_FACTOR));
    BigDecimal count = BigDecimal.ONE;
    while (usable.multiply(count).compareTo(needed) < 0 && count.compareTo(MOST_ACCELERATORS) < 0) {
      count = count.multiply(BigDecimal.TWO);
    }
    return count;
  }
}
