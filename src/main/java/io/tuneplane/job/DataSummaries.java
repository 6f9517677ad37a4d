package io.tuneplane.job;

import io.tuneplane.dataset.CheckReport;
import io.tuneplane.dataset.DatasetScan;
import io.tuneplane.dataset.ExactTokens;
import io.tuneplane.dataset.Example;
import io.tuneplane.dataset.Examples;
import io.tuneplane.dataset.Message;
import io.tuneplane.dataset.ScanReport;
import io.tuneplane.decision.DataSummary;
import io.tuneplane.decision.DataSummary.Means;
import io.tuneplane.policy.Flags;
import io.tuneplane.policy.Scan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a decision must know of checked data.
public final class DataSummaries {

  /// Tokens by the section's estimate: characters divided by this.
  private static final int CHARACTERS_PER_TOKEN = 4;

  private DataSummaries() {}

  /// Sums up checked data.
  ///
  /// @param canonical the valid examples, in canonical form
  /// @param report the check's report of the training file
  /// @param validationExamples how many examples are kept for validation
  /// @param said the flags that were said of the data; the scan adds to them
  /// @throws IOException if the file can't be read
  public static DataSummary of(
      Path canonical, CheckReport report, long validationExamples, Collection<String> said)
      throws IOException {
    Optional<ExactTokens> exact = report.tokens().exact();
    return new DataSummary(
        report.digest(),
        report.valid(),
        exact.map(ExactTokens::total).orElse(report.tokens().estimate().total()),
        exact.map(ExactTokens::max).orElse(report.tokens().estimate().max()),
        Files.size(canonical),
        validationExamples,
        exact.isPresent(),
        means(canonical),
        flags(canonical, said));
  }

  private static Flags flags(Path canonical, Collection<String> said) {
    ScanReport scan = new DatasetScan(0).run(canonical);
    Scan ended = scan.failure().isPresent() ? Scan.FAILED : Scan.DONE;
    return Flags.of(said, Scan.NOT_RUN).union(Flags.of(scan.flags(), ended));
  }

  /// The mean prompt and answer, by the section's estimate.
  private static Optional<Means> means(Path canonical) throws IOException {
    Lengths lengths = new Lengths();
    try (Stream<Example> examples = Examples.read(canonical)) {
      examples.forEach(lengths::add);
    }
    return lengths.means();
  }

  private static final class Lengths {

    private long count;
    private long prompt;
    private long answer;

    void add(Example example) {
      count++;
      switch (example) {
        case Example.Chat chat -> {
          prompt += characters(chat.messages().subList(0, chat.messages().size() - 1));
          answer += characters(List.of(chat.messages().getLast()));
        }
        case Example.Preference pair -> {
          prompt += characters(pair.prompt());
          answer += characters(pair.preferred());
        }
      }
    }

    Optional<Means> means() {
      long tokens = count * CHARACTERS_PER_TOKEN;
      return count == 0
          ? Optional.empty()
          : Optional.of(new Means(Math.max(1, prompt / tokens), Math.max(1, answer / tokens)));
    }

    private static long characters(List<Message> messages) {
      return messages.stream()
          .flatMap(message -> message.content().stream())
          .mapToLong(content -> content.codePointCount(0, content.length()))
          .sum();
    }
  }
}
