package io.tuneplane.backend.vertex;

import io.tuneplane.backend.Limits;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.Problem;
import io.tuneplane.dataset.DataException;
import io.tuneplane.dataset.DatasetConversion;
import io.tuneplane.dataset.EstimatedTokens;
import io.tuneplane.dataset.Example;
import io.tuneplane.dataset.Examples;
import io.tuneplane.dataset.Format;
import io.tuneplane.dataset.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// Holds data files against Google's limits, each named with its number. Gemini's tokenizer is not
/// public: tokens are the section's estimate, code points divided by 4. Reads a file of any size in
/// bounded memory.
final class DataCheck {

  private final Limits limits;
  private final Method method;

  DataCheck(Limits limits, Method method) {
    this.limits = limits;
    this.method = method;
  }

  List<Problem> training(Path file) {
    return check("training_file", file, limits.minExamples(), limits.maxExamples());
  }

  List<Problem> validation(Path file) {
    return check("validation_file", file, OptionalLong.empty(), limits.maxValidationExamples());
  }

  private List<Problem> check(String field, Path file, OptionalLong least, OptionalLong most) {
    List<String> words = new ArrayList<>();
    try (Stream<Example> examples = Examples.read(file)) {
      long bytes = Files.size(file);
      over(limits.maxFileBytes(), bytes)
          .ifPresent(m -> words.add("is %,d bytes".formatted(bytes) + m));
      long count = read(examples.iterator(), words);
      over(most, count).ifPresent(m -> words.add("has %,d examples".formatted(count) + m));
      if (least.isPresent() && count < least.getAsLong()) {
        words.add("has %,d examples; at least %,d are needed".formatted(count, least.getAsLong()));
      }
    } catch (DataException e) {
      words.add(String.valueOf(e.getMessage()));
    } catch (IOException | UncheckedIOException _) {
      words.add(file + " is not there or can't be read");
    }
    return words.stream().map(w -> new Problem(field, w)).toList();
  }

  private static Optional<String> over(OptionalLong limit, long value) {
    return limit.isPresent() && value > limit.getAsLong()
        ? Optional.of("; Vertex AI takes %,d at most".formatted(limit.getAsLong()))
        : Optional.empty();
  }

  // The first example that is wrong is enough to know which rule is broken.
  private long read(Iterator<Example> examples, List<String> words) {
    long count = 0;
    while (examples.hasNext()) {
      Example example = examples.next();
      if (words.isEmpty()) {
        wrong(example, count).ifPresent(words::add);
      }
      count++;
    }
    return count;
  }

  private Optional<String> wrong(Example example, long index) {
    return kind(example)
        .or(() -> tokens(example))
        .or(() -> unlearnt(example))
        .or(() -> DatasetConversion.objection(Format.VERTEX, example))
        .map(words -> "Example " + index + ": " + words);
  }

  private Optional<String> kind(Example example) {
    boolean pair = example instanceof Example.Preference;
    return pair == (method == Method.DPO)
        ? Optional.empty()
        : Optional.of(
            pair ? "a preference pair, for the method dpo" : "no preference pair, which dpo needs");
  }

  private Optional<String> tokens(Example example) {
    int most = (int) limits.maxTokensPerExample().orElse(Integer.MAX_VALUE);
    int tokens = new EstimatedTokens(most).count(example).tokens();
    return tokens > most
        ? Optional.of(
            "about %,d tokens; Vertex AI takes %,d an example at most".formatted(tokens, most))
        : Optional.empty();
  }

  private static Optional<String> unlearnt(Example example) {
    return example instanceof Example.Chat chat
            && chat.messages().stream().anyMatch(DataCheck::leftOut)
        ? Optional.of("an answer of weight 0, which Vertex AI would learn: it has no weights")
        : Optional.empty();
  }

  private static boolean leftOut(Message message) {
    return message.weight().orElse(1) == 0;
  }
}
