package io.tuneplane.cli;

import io.tuneplane.dataset.ScanReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "scan",
    mixinStandardHelpOptions = true,
    description = {
      "Look for personal, medical, payment and secret values in a data file.",
      "",
      "A find is shown by its line and kind, masked; it raises a flag for the policy and never"
          + " clears one. Names and addresses are not looked for. Exits with 1 if the scan is not"
          + " complete."
    })
final class DataScanCommand implements Callable<Integer> {

  private final CliContext context;

  @Parameters(paramLabel = "FILE", description = "The data.")
  private Path file = Path.of("");

  @Option(
      names = "--max-findings",
      paramLabel = "N",
      defaultValue = "100",
      description = "How many finds are listed (default: 100); all are counted.")
  private int maxFindings;

  @Mixin private final OutputOption output = new OutputOption();

  DataScanCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    ScanReport report = context.api().data().scan(file, maxFindings);
    output.print(context.terminal(), report, () -> DataText.scan(file, report));
    return report.failure().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }
}
