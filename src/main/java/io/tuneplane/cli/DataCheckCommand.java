package io.tuneplane.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.api.DataCheckRequest;
import io.tuneplane.api.Json;
import io.tuneplane.dataset.CheckReport;
import io.tuneplane.dataset.DatasetCheck;
import io.tuneplane.dataset.Format;
import io.tuneplane.dataset.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Check a data file: format, errors by example, duplicates, leakage, tokens, digest.",
      "",
      "Reads JSONL or a JSON array, plain or packed with gzip or zstd. Exits with 1 where there are"
          + " errors."
    })
final class DataCheckCommand implements Callable<Integer> {

  private final CliContext context;

  @Parameters(paramLabel = "FILE", description = "The training data.")
  private Path file = Path.of("");

  @Option(
      names = "--validation",
      paramLabel = "FILE",
      description = "The validation data; examples that both files hold are reported.")
  private @Nullable Path validation;

  @Option(
      names = "--target",
      paramLabel = "TARGET",
      converter = DataNames.Targets.class,
      completionCandidates = DataNames.Targets.class,
      description = "What for: ${COMPLETION-CANDIDATES} (default: the model's, or openai-chat).")
  private @Nullable Target target;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      converter = DataNames.Formats.class,
      completionCandidates = DataNames.Formats.class,
      description = "The format: ${COMPLETION-CANDIDATES} (default: told by the data).")
  private @Nullable Format format;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description =
          "Whose tokenizer counts: gpt-4o, gemini-..., or an open model's name or folder.")
  private @Nullable String model;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "The longest example, in tokens (default: the model's context).")
  private @Nullable Integer maxTokens;

  @Option(
      names = "--estimate-only",
      description = "Do not count tokens exactly: much faster on large files.")
  private boolean estimateOnly;

  @Option(
      names = "--no-near-duplicates",
      description = "Look for equal examples only, not for similar ones.")
  private boolean noNearDuplicates;

  @Option(
      names = "--max-errors",
      paramLabel = "N",
      defaultValue = "100",
      description = "How many errors and warnings are listed (default: 100); all are counted.")
  private int maxErrors;

  @Mixin private final OutputOption output = new OutputOption();

  DataCheckCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    DataProgress progress = new DataProgress(context.terminal());
    DatasetCheck.Result result = context.api().data().check(request(), progress);
    progress.end();
    output.print(context.terminal(), tree(result), () -> text(result));
    boolean ok = result.training().ok() && result.validation().map(CheckReport::ok).orElse(true);
    return ok ? ExitCode.OK : ExitCode.FAILED;
  }

  private DataCheckRequest request() {
    OptionalInt most = maxTokens == null ? OptionalInt.empty() : OptionalInt.of(maxTokens);
    return new DataCheckRequest(
        file,
        Optional.ofNullable(validation),
        Optional.ofNullable(format),
        Optional.ofNullable(target),
        new DataCheckRequest.Counting(!estimateOnly, Optional.ofNullable(model), most),
        new DataCheckRequest.Thoroughness(!noNearDuplicates, maxErrors));
  }

  /// The training file's report, and in it the validation file's.
  private static ObjectNode tree(DatasetCheck.Result result) {
    ObjectNode tree = (ObjectNode) Json.tree(result.training());
    result.validation().ifPresent(report -> tree.set("validation", Json.tree(report)));
    return tree;
  }

  private String text(DatasetCheck.Result result) {
    return DataText.check(file, result.training())
        + result
            .validation()
            .map(report -> "\n" + DataText.check(Path.of(String.valueOf(validation)), report))
            .orElse("");
  }
}
