package io.tuneplane.cli;

import io.tuneplane.api.Deleted;
import io.tuneplane.api.DeploymentCard;
import io.tuneplane.api.ModelCard;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    description =
        "Tuned models that answer, and base models that can be tuned: list, get, delete,"
            + " deployments.")
final class ModelsCommand implements Callable<Integer> {

  private final CliContext context;
  @Mixin private final OutputOption output = new OutputOption();

  ModelsCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    return show(context.api().models().list(), output);
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "All of them.")
  int list(@Mixin OutputOption format) {
    return show(context.api().models().list(), format);
  }

  @Command(name = "get", mixinStandardHelpOptions = true, description = "One model.")
  int get(@Parameters(paramLabel = "MODEL") String name, @Mixin OutputOption format) {
    ModelCard model = context.api().models().get(name);
    format.print(context.terminal(), model, () -> table(List.of(model)));
    return ExitCode.OK;
  }

  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description =
          "Forget a tuned model: it answers no more, and its weights here are removed. What a"
              + " provider holds of it stays there.")
  int delete(@Parameters(paramLabel = "MODEL") String name, @Mixin OutputOption format) {
    context.api().models().delete(name);
    format.print(
        context.terminal(),
        new Deleted(name, "model", true),
        () -> "Deleted " + Terminal.plain(name) + "\n");
    return ExitCode.OK;
  }

  @Command(
      name = "deployments",
      mixinStandardHelpOptions = true,
      description = "How tuned models stand with answering; brings none into service.")
  int deployments(@Mixin OutputOption format) {
    List<DeploymentCard> all = context.api().models().deployments();
    format.print(context.terminal(), all, () -> deployments(all));
    return ExitCode.OK;
  }

  private static String deployments(List<DeploymentCard> all) {
    if (all.isEmpty()) {
      return "No tuned models yet. Make one with: tuneplane tune\n";
    }
    Table table = new Table("MODEL", "WHERE", "STATE", ">READY", "DETAIL");
    for (DeploymentCard one : all) {
      table.row(
          one.model(),
          one.backend(),
          one.state(),
          one.readyReplicas() + "/" + one.replicas(),
          one.detail().orElse(""));
    }
    return table.toString();
  }

  private int show(List<ModelCard> models, OutputOption format) {
    format.print(context.terminal(), models, () -> table(models));
    return ExitCode.OK;
  }

  private static String table(List<ModelCard> models) {
    Table table = new Table("MODEL", "KIND", ">PARAMETERS", "BASE", "WHERE", "STOPS");
    for (ModelCard model : models) {
      table.row(
          model.id(),
          model.kind(),
          model.parameters().map(ModelsCommand::parameters).orElse(""),
          model.parent().orElse(""),
          model
              .backend()
              .orElse(model.onDisk().orElse(false) ? "on this machine" : "fetched when needed"),
          model.shutdownDate().map(LocalDate::toString).orElse(""));
    }
    String warnings =
        models.stream()
            .flatMap(model -> model.warning().stream())
            .distinct()
            .map(words -> Terminal.plain(words) + "\n")
            .collect(Collectors.joining());
    return table + (warnings.isEmpty() ? "" : "\n" + warnings);
  }

  private static String parameters(long n) {
    return n >= 1_000_000_000L ? "%.1fB".formatted(n / 1e9) : "%.0fM".formatted(n / 1e6);
  }
}
