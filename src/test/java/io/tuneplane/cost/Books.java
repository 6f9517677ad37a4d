package io.tuneplane.cost;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// The shipped price books, and small ones for tests.
public final class Books {

  private Books() {}

  /// The shipped book of that name.
  public static PriceBook shipped(String name) {
    return PriceBooks.parse(text(name), List.of());
  }

  /// The shipped book with a few lines over it.
  static PriceBook overridden(String name, String yaml) {
    return PriceBooks.parse(text(name), List.of(new PriceBooks.Text("mine.yaml", yaml)));
  }

  /// A book of one managed and one own option with round numbers: a request of 100 tokens costs
  /// $0.001 there; here a replica costs $730 a month and carries 1,000,000 of them at a flat rate.
  static PriceBook round(String... overrides) {
    return PriceBooks.parse(
        new PriceBooks.Text("round.yaml", ROUND),
        Stream.of(overrides).map(yaml -> new PriceBooks.Text("mine.yaml", yaml)).toList());
  }

  private static final String ROUND =
      """
      name: round
      stale_after_days: 90
      source: made up
      read_on: 2026-11-01
      assumptions:
        training_mfu: 0.5
        serving_mfu: 0.25
        peak_to_mean: 1
        full_flop_per_parameter: 6
        lora_flop_per_parameter: 4
        startup_minutes: 0
        hours_per_month: 730
        minimum_replicas: 1
        memory_factor: 1.2
        usable_memory: 0.9
      classes:
        small: [there, here]
      managed:
        cloud:
          backend: openai
          models:
            there:
              label: Cloud
              also: [over-there]
              train_usd_per_million: 2
              input_usd_per_million: 10
              cached_input_usd_per_million: 1
              output_usd_per_million: 10
      gpus:
        gpu: {label: GPU, peak_flops: 8e12, memory_gib: 80}
      open_models:
        here: {label: Here, parameters: 1e9}
      own:
        rack:
          label: Rack
          backend: kubernetes
          gpu: gpu
          shown: true
          models: [here]
          hourly_usd: 1
          # 1,000,000 requests of 100 tokens in 730 hours.
          serving_tokens_per_second: 38.051750380518
      """;

  /// What a place of the book's takes for an hour.
  static PriceLine hourly(PriceBook book, String place) {
    return Optional.ofNullable(book.own().places().get(place)).orElseThrow().rate().hourly();
  }

  /// A provider of the book's.
  static ManagedProvider provider(PriceBook book, String name) {
    return Optional.ofNullable(book.managed().get(name)).orElseThrow();
  }

  static PriceBooks.Text text(String name) {
    String file = name + ".yaml";
    try (InputStream resource = PriceBook.class.getResourceAsStream(file)) {
      byte[] bytes = Objects.requireNonNull(resource, file).readAllBytes();
      return new PriceBooks.Text(file, new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
