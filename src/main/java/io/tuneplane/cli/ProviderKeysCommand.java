package io.tuneplane.cli;

import io.tuneplane.api.ProviderKeysApi.Card;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "provider",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Keys that providers gave you: keep (encrypted), list, forget.")
final class ProviderKeysCommand implements Runnable {

  private final CliContext context;

  @Spec private CommandSpec spec = CommandSpec.create();

  ProviderKeysCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say set, list or remove");
  }

  @Command(
      name = "set",
      mixinStandardHelpOptions = true,
      description = {
        "Keep a provider's key, in the place of an older one.",
        "It is asked for on a terminal, else read from standard input: an argument would be shown",
        "to everybody on this machine."
      })
  int set(
      @Parameters(paramLabel = "PLACE", description = "Whose key: openai.") String place,
      @Mixin OutputOption output)
      throws IOException {
    Card card = context.api().providerKeys().put(place, key(place));
    if (!card.used()) {
      context
          .terminal()
          .err()
          .println(
              "The settings or the environment of the server hold a key for "
                  + place
                  + " too, and theirs is the one that is sent.");
    }
    output.print(context.terminal(), card, () -> "The key for " + place + " is kept.\n");
    return ExitCode.OK;
  }

  private String key(String place) throws IOException {
    Terminal terminal = context.terminal();
    Optional<Console> console =
        Optional.ofNullable(System.console()).filter(_ -> terminal.interactive());
    String key =
        console.isPresent()
            ? new String(console.get().readPassword("The key for %s (not shown): ", place))
            : Optional.ofNullable(
                    new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8))
                        .readLine())
                .orElse("");
    if (key.isBlank()) {
      throw new CliException(
          ExitCode.USAGE,
          "there is no key on standard input; for example: printenv OPENAI_API_KEY |"
              + " tuneplane keys provider set "
              + place);
    }
    return key.strip();
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "For which places a key is kept.")
  int list(@Mixin OutputOption output) {
    List<Card> cards = context.api().providerKeys().list();
    output.print(
        context.terminal(),
        cards,
        () -> {
          if (cards.isEmpty()) {
            return "No provider's key is kept here.\n";
          }
          Table table = new Table("PLACE", "KEPT SINCE", "USED");
          cards.forEach(card ->
              table.row(
                  card.name(),
                  Instant.ofEpochSecond(card.storedAt()),
                  card.used() ? "yes" : "no: the settings hold one"));
          return table.toString();
        });
    return ExitCode.OK;
  }

  @Command(name = "remove", mixinStandardHelpOptions = true, description = "Forget a key.")
  int remove(@Parameters(paramLabel = "PLACE") String place) {
    context.api().providerKeys().remove(place);
    context.terminal().err().println("The key for " + place + " is forgotten.");
    return ExitCode.OK;
  }
}
