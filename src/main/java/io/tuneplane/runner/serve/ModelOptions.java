package io.tuneplane.runner.serve;

import io.tuneplane.model.ModelConfig;
import io.tuneplane.runner.serve.engine.DecoderSettings;
import io.tuneplane.runner.serve.onnx.Precision;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// The options that say which model runs, and how.
final class ModelOptions {

  /// The longest context unless one is asked for: the cache is as large as all slots at their
  /// longest.
  static final int DEFAULT_CONTEXT = 4096;

  @Option(names = "--model", required = true, paramLabel = "PATH")
  private Path model = Path.of("");

  @Option(names = "--quantization", paramLabel = "fp32|int8|int4")
  private String quantization = Precision.INT8.label();

  @Option(names = "--max-context", paramLabel = "N")
  private int maxContext;

  @Option(names = "--threads", paramLabel = "N")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--spin", negatable = true)
  private boolean spin;

  @Option(names = "--cache-dir", paramLabel = "DIR")
  private @Nullable Path cache;

  @Option(names = "--unverified-adapters")
  private boolean unverified;

  Path model() {
    return model;
  }

  Optional<Path> cache() {
    return Optional.ofNullable(cache);
  }

  boolean unverified() {
    return unverified;
  }

  /// @throws TypeConversionException if a value is out of range
  DecoderSettings decoder(ModelConfig config, int sequences) {
    require(maxContext >= 0 && maxContext <= config.maxPositions(), "--max-context", maxContext);
    require(threads >= 1 && threads <= 1024, "--threads", threads);
    require(sequences >= 1 && sequences <= 1024, "--max-sequences", sequences);
    int context = maxContext == 0 ? Math.min(DEFAULT_CONTEXT, config.maxPositions()) : maxContext;
    return new DecoderSettings(precision(), context, sequences, threads, spin);
  }

  private Precision precision() {
    return Precision.of(quantization)
        .orElseThrow(() ->
            new TypeConversionException("--quantization is none: '%s'".formatted(quantization)));
  }

  private static void require(boolean condition, String option, int value) {
    if (!condition) {
      throw new TypeConversionException("%s is out of range: %d".formatted(option, value));
    }
  }
}
