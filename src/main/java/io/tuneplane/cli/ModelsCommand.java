package io.tuneplane.cli;

import io.tuneplane.api.ModelCard;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    description = "Tuned models that answer, and base models that can be tuned.")
final class ModelsCommand implements Callable<Integer> {

  private final CliContext context;
  @Mixin private final OutputOption output = new OutputOption();

  ModelsCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<ModelCard> models = context.api().models().list();
    output.print(context.terminal(), models, () -> table(models));
    return ExitCode.OK;
  }

  private static String table(List<ModelCard> models) {
    Table table = new Table("MODEL", "KIND", ">PARAMETERS", "BASE", "WHERE");
    for (ModelCard model : models) {
      table.row(
          model.id(),
          model.kind(),
          model.parameters().map(ModelsCommand::parameters).orElse(""),
          model.parent().orElse(""),
          model
              .backend()
              .orElse(model.onDisk().orElse(false) ? "on this machine" : "fetched when needed"));
    }
    return table.toString();
  }

  private static String parameters(long n) {
    return n >= 1_000_000_000L ? "%.1fB".formatted(n / 1e9) : "%.0fM".formatted(n / 1e6);
  }
}
