package io.tuneplane.cli;

import io.tuneplane.api.ModelsApi;
import io.tuneplane.backend.ChatRequest;
import io.tuneplane.backend.ChatSummary;
import io.tuneplane.dataset.Message;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "chat",
    mixinStandardHelpOptions = true,
    description = "Ask a model, tuned or base.",
    footer = {
      "",
      "Without a question, every line of standard input is a turn of one conversation."
    })
final class ChatCommand implements Callable<Integer> {

  private final CliContext context;
  @Mixin private final OutputOption output = new OutputOption();

  @Parameters(index = "0", paramLabel = "MODEL", description = "A name that 'models' lists.")
  private String model = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "QUESTION", description = "What to ask.")
  private @Nullable String question;

  @Option(names = "--system", paramLabel = "TEXT", description = "The system message.")
  private @Nullable String system;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      defaultValue = "256",
      description = "Most tokens of an answer (default: 256).")
  private int maxTokens;

  @Option(
      names = "--temperature",
      paramLabel = "X",
      defaultValue = "0",
      description = "0 is greedy (default: 0).")
  private double temperature;

  @Option(names = "--seed", paramLabel = "N", description = "Makes sampling repeatable.")
  private @Nullable Long seed;

  ChatCommand(CliContext context) {
    this.context = context;
  }

  /// An answer, for programs.
  record Answer(String model, String content, ChatSummary usage) {}

  @Override
  public Integer call() throws IOException {
    List<Message> conversation = new ArrayList<>();
    if (system != null) {
      conversation.add(Message.of("system", system));
    }
    if (question != null) {
      ask(conversation, question);
      return ExitCode.OK;
    }
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(context.terminal().in(), StandardCharsets.UTF_8));
    prompt();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (!line.isBlank()) {
        ask(conversation, line);
      }
      prompt();
    }
    return ExitCode.OK;
  }

  private void prompt() {
    if (context.terminal().interactive()) {
      context.terminal().err().print("> ");
      context.terminal().err().flush();
    }
  }

  private void ask(List<Message> conversation, String turn) {
    conversation.add(Message.of("user", turn));
    boolean stream = output.format() == OutputFormat.TABLE;
    StringBuilder answer = new StringBuilder();
    ChatSummary summary =
        models()
            .chat(
                model,
                request(conversation),
                piece -> {
                  answer.append(piece);
                  if (stream) {
                    context.terminal().out().print(Terminal.plain(piece));
                    context.terminal().out().flush();
                  }
                });
    conversation.add(Message.of("assistant", answer.toString()));
    output.print(context.terminal(), new Answer(model, answer.toString(), summary), () -> "\n");
  }

  private ModelsApi models() {
    return context.api().models();
  }

  private ChatRequest request(List<Message> conversation) {
    return new ChatRequest(
        conversation,
        OptionalInt.of(maxTokens),
        OptionalDouble.of(temperature),
        OptionalDouble.empty(),
        seed == null ? OptionalLong.empty() : OptionalLong.of(seed),
        List.of(),
        OptionalInt.empty());
  }
}
