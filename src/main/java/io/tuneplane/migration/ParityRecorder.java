package io.tuneplane.migration;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.backend.ChatRequest;
import io.tuneplane.backend.ChatSink;
import io.tuneplane.backend.ChatSummary;
import io.tuneplane.dataset.Example;
import io.tuneplane.dataset.Examples;
import io.tuneplane.dataset.Message;
import io.tuneplane.job.DataFiles;
import io.tuneplane.job.Job;
import io.tuneplane.job.StoredFile;
import io.tuneplane.job.TunedModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Keeps what a model that will stop answers to some prompts of its validation set, so that its
/// successor can be held against it. The prompts are paid for, and whether a provider's answers may
/// be kept is a question of its terms: so the user must have said yes. The file's purpose is
/// `parity`, which no job takes for training.
public final class ParityRecorder {

  /// The purpose of such a file.
  public static final String PURPOSE = "parity";

  /// The most prompts that one recording sends.
  public static final int MOST_PROMPTS = 500;

  private static final int LONGEST_ANSWER = 1024;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Model model;
  private final DataFiles files;
  private final InstantSource clock;

  /// Asks the old model, with leave for each prompt.
  @FunctionalInterface
  public interface Model {

    /// Asks one prompt.
    ///
    /// @throws InterruptedException if the thread was asked to stop
    ChatSummary ask(TunedModel model, ChatRequest request, ChatSink sink)
        throws InterruptedException;
  }

  public ParityRecorder(Model model, DataFiles files, InstantSource clock) {
    this.model = model;
    this.files = files;
    this.clock = clock;
  }

  /// What was recorded.
  ///
  /// @param file the file's id: a JSON object a line, with `prompt`, `expected`, `answer`, `model`
  ///   and what it used
  /// @param prompts how many prompts were sent
  /// @param promptTokens what they used
  /// @param completionTokens what the answers used
  public record Recording(StoredFile file, int prompts, long promptTokens, long completionTokens) {}

  /// Records.
  ///
  /// @param job the job that made the model; its validation file is here
  /// @param old the model
  /// @param prompts how many prompts of the validation file are sent, from its start
  /// @param termsConfirmed whether the user has said that the provider's terms allow it
  /// @throws MigrationException if the user has not, or there is nothing to ask
  /// @throws IOException if the validation file can't be read, or the answers can't be kept
  /// @throws InterruptedException if the thread was asked to stop; nothing is kept then
  public Recording record(Job job, TunedModel old, int prompts, boolean termsConfirmed)
      throws IOException, InterruptedException {
    if (!termsConfirmed) {
      throw new MigrationException(
          "whether a provider's answers may be kept is a question of its terms: read them, then say"
              + " so with --confirm-terms");
    }
    if (prompts < 1 || prompts > MOST_PROMPTS) {
      throw new MigrationException("prompts must be 1 to " + MOST_PROMPTS + ", not " + prompts);
    }
    List<Example.Chat> examples = examples(job, prompts);
    StringBuilder lines = new StringBuilder();
    long prompt = 0;
    long completion = 0;
    for (Example.Chat example : examples) {
      StringBuilder answer = new StringBuilder();
      List<Message> asked = example.messages().subList(0, example.messages().size() - 1);
      ChatSummary summary =
          model.ask(old, ChatRequest.greedy(asked, LONGEST_ANSWER), answer::append);
      prompt += summary.promptTokens();
      completion += summary.completionTokens();
      lines.append(line(old, example, answer.toString(), summary)).append('\n');
    }
    byte[] content = lines.toString().getBytes(StandardCharsets.UTF_8);
    StoredFile kept =
        files.keep(
            job.organisation(),
            "parity-" + job.id() + ".jsonl",
            PURPOSE,
            new ByteArrayInputStream(content));
    return new Recording(kept, examples.size(), prompt, completion);
  }

  private List<Example.Chat> examples(Job job, int prompts) throws IOException {
    String id =
        job.request()
            .validationFile()
            .orElseThrow(
                () -> new MigrationException(job.id() + " has no validation file, so no prompts"));
    Optional<StoredFile> file = files.find(job.organisation(), id);
    if (file.isEmpty()) {
      throw new MigrationException("the validation file " + id + " is not here; import it first");
    }
    return read(files.content(file.get()), prompts);
  }

  private static List<Example.Chat> read(Path file, int prompts) throws IOException {
    try (Stream<Example> examples = Examples.read(file)) {
      return examples
          .filter(Example.Chat.class::isInstance)
          .map(Example.Chat.class::cast)
          .limit(prompts)
          .toList();
    }
  }

  private ObjectNode line(
      TunedModel old, Example.Chat example, String answer, ChatSummary summary) {
    List<Message> messages = example.messages();
    ObjectNode line = JSON.createObjectNode();
    ArrayNode prompt = line.putArray("prompt");
    messages
        .subList(0, messages.size() - 1)
        .forEach(
            m -> prompt.addObject().put("role", m.role()).put("content", m.content().orElse("")));
    line.put("expected", messages.getLast().content().orElse(""));
    line.put("answer", answer).put("model", old.name());
    line.put("finish_reason", summary.finishReason());
    line.put("prompt_tokens", summary.promptTokens());
    line.put("completion_tokens", summary.completionTokens());
    line.put("recorded_at", clock.instant().toString());
    return line;
  }
}
