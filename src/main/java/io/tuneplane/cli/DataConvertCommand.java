package io.tuneplane.cli;

import io.tuneplane.dataset.ConversionReport;
import io.tuneplane.dataset.DatasetConversion;
import io.tuneplane.dataset.Format;
import io.tuneplane.dataset.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "convert",
    mixinStandardHelpOptions = true,
    description = {
      "Write a data file in another format, or split it.",
      "",
      "What the other format has no place for is listed as a loss; what it can't say at all is an"
          + " error, and then nothing is written, unless --skip-invalid leaves such examples out."
    })
final class DataConvertCommand implements Callable<Integer> {

  private static final double DEFAULT_SHARE = 0.1;

  private final CliContext context;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", description = "The data.")
  private Path file = Path.of("");

  @Option(
      names = "--from",
      paramLabel = "FORMAT",
      converter = DataNames.Formats.class,
      completionCandidates = DataNames.Formats.class,
      description = "The file's format: ${COMPLETION-CANDIDATES} (default: told by the data).")
  private @Nullable Format from;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FORMAT",
      converter = DataNames.Formats.class,
      completionCandidates = DataNames.Formats.class,
      description = "The format to write: ${COMPLETION-CANDIDATES}.")
  private Format to = Format.CHATML;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "The file to write, one example a line.")
  private Path out = Path.of("");

  @Option(
      names = "--validation-out",
      paramLabel = "FILE",
      description = "Split: the file for the validation examples.")
  private @Nullable Path validationOut;

  @Option(
      names = "--validation-share",
      paramLabel = "SHARE",
      description = "Split: the share of examples that goes there (default: 0.1).")
  private double share = DEFAULT_SHARE;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Split: another seed gives another choice (default: 0).")
  private long seed;

  @Option(names = "--skip-invalid", description = "Leave out what can't be written, and list it.")
  private boolean skipInvalid;

  @Option(names = "--force", description = "Replace the files to write, if they are there.")
  private boolean force;

  @Option(
      names = "--max-errors",
      paramLabel = "N",
      defaultValue = "100",
      description = "How many errors and losses are listed (default: 100); all are counted.")
  private int maxErrors;

  @Mixin private final OutputOption output = new OutputOption();

  DataConvertCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    refuseToReplace(out);
    Optional<Path> validation = Optional.ofNullable(validationOut);
    validation.ifPresent(this::refuseToReplace);
    if (!(share > 0 && share < 1)) {
      throw new ParameterException(spec.commandLine(), "--validation-share is between 0 and 1");
    }
    DatasetConversion.Request request =
        new DatasetConversion.Request(
            file,
            Optional.ofNullable(from),
            to,
            out,
            validation.map(path -> new Split(path, share, seed)),
            skipInvalid);
    ConversionReport report = context.api().data().convert(request, maxErrors);
    output.print(context.terminal(), report, () -> DataText.conversion(out, report));
    return report.counts().errors().isEmpty() || skipInvalid ? ExitCode.OK : ExitCode.FAILED;
  }

  private void refuseToReplace(Path path) {
    if (!force && Files.exists(path)) {
      throw new CliException(ExitCode.FAILED, path + " is there already; --force replaces it");
    }
  }
}
