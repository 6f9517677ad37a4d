package io.tuneplane.cli;

import io.tuneplane.api.KeysApi;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description =
        "Keys for programs and people: make, list, take back; and the keys that providers gave you.")
final class KeysCommand implements Runnable {

  private final CliContext context;

  @Spec private CommandSpec spec = CommandSpec.create();

  KeysCommand(CliContext context) {
    this.context = context;
  }

  static CommandLine with(CliContext context) {
    return new CommandLine(new KeysCommand(context))
        .addSubcommand(new ProviderKeysCommand(context));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say create, list, revoke or provider");
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Make a key. It is shown once: nobody can show it again.")
  int create(
      @Option(
              names = "--role",
              required = true,
              paramLabel = "ROLE",
              description = "admin, trainer, caller or viewer.")
          String role,
      @Option(names = "--name", required = true, paramLabel = "NAME", description = "Its name.")
          String name,
      @Option(
              names = "--flag",
              split = ",",
              paramLabel = "FLAG",
              description = "What all data that comes with it is treated as, e.g. hipaa.")
          List<String> flags,
      @Option(
              names = "--expires-in",
              paramLabel = "TIME",
              description = "How long it counts, e.g. 12h or 90d (for ever).")
          Optional<String> lifetime,
      @Option(
              names = "--organisation",
              paramLabel = "NAME",
              description = "Whose key it is (your own organisation's).")
          Optional<String> organisation,
      @Mixin OutputOption output) {
    KeysApi.Made made =
        context
            .api()
            .keys()
            .create(
                new KeysApi.Wanted(
                    name,
                    role,
                    new TreeSet<>(flags == null ? List.of() : flags),
                    lifetime.map(this::lifetime).map(Duration::toSeconds),
                    organisation));
    output.print(
        context.terminal(),
        made,
        () ->
            "%s%nThis is %s, a %s's key. Keep it: it isn't shown again.%n"
                .formatted(made.key(), made.id(), made.role()));
    return ExitCode.OK;
  }

  private Duration lifetime(String text) {
    try {
      return Times.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--expires-in: " + e.getMessage(), e);
    }
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "Keys, newest first.")
  int list(@Mixin OutputOption output) {
    List<KeysApi.Card> keys = context.api().keys().list();
    output.print(
        context.terminal(),
        keys,
        () -> {
          Table table = new Table("ID", "NAME", "ROLE", "STATE", "KEY", "CREATED", "FLAGS");
          keys.forEach(key ->
              table.row(
                  key.id(),
                  key.name(),
                  key.role(),
                  key.state(),
                  key.hint() + "...",
                  Instant.ofEpochSecond(key.createdAt()),
                  String.join(",", key.flags())));
          return table.toString();
        });
    return ExitCode.OK;
  }

  @Command(name = "revoke", mixinStandardHelpOptions = true, description = "Take a key back, now.")
  int revoke(@Parameters(paramLabel = "ID") String id) {
    context.api().keys().revoke(id);
    context.terminal().err().println(id + " no longer counts.");
    return ExitCode.OK;
  }
}
