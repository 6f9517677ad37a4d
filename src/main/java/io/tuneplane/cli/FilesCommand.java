package io.tuneplane.cli;

import io.tuneplane.api.FileObject;
import io.tuneplane.job.StoredFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "files",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Uploaded data and result files.")
final class FilesCommand implements Runnable {

  private final CliContext context;

  @Spec private CommandSpec spec = CommandSpec.create();

  FilesCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say upload, list, get or delete");
  }

  @Command(name = "upload", mixinStandardHelpOptions = true, description = "Send a data file.")
  int upload(@Parameters(paramLabel = "FILE") Path file, @Mixin OutputOption output)
      throws IOException {
    return show(Uploads.send(context.api().files(), "file", file), output);
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "Files, newest first.")
  int list(
      @Option(
              names = {"-n", "--limit"},
              paramLabel = "N",
              defaultValue = "100",
              description = "How many at most (default: 100).")
          int limit,
      @Option(
              names = "--purpose",
              paramLabel = "PURPOSE",
              description = "fine-tune for data, fine-tune-results for what jobs left.")
          Optional<String> purpose,
      @Mixin OutputOption output) {
    List<StoredFile> files = context.api().files().list(Optional.empty(), purpose, limit);
    output.print(
        context.terminal(), files.stream().map(FileObject::of).toList(), () -> table(files));
    return ExitCode.OK;
  }

  @Command(name = "get", mixinStandardHelpOptions = true, description = "One file.")
  int get(@Parameters(paramLabel = "ID") String id, @Mixin OutputOption output) {
    return show(context.api().files().get(id), output);
  }

  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description = "Forget a file; jobs that were made with it keep what they took in.")
  int delete(@Parameters(paramLabel = "ID") String id) {
    context.api().files().delete(id);
    context.terminal().err().println(id + " is gone.");
    return ExitCode.OK;
  }

  private int show(StoredFile file, OutputOption output) {
    output.print(context.terminal(), FileObject.of(file), () -> table(List.of(file)));
    return ExitCode.OK;
  }

  private static String table(List<StoredFile> files) {
    Table table = new Table("FILE", "CREATED", ">BYTES", "PURPOSE", "NAME");
    files.forEach(file ->
        table.row(
            file.id(),
            file.createdAt(),
            "%,d".formatted(file.bytes()),
            file.purpose(),
            file.filename()));
    return table.toString();
  }
}
