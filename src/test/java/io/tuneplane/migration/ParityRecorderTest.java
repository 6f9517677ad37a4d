package io.tuneplane.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tuneplane.backend.ChatRequest;
import io.tuneplane.backend.ChatSummary;
import io.tuneplane.job.Job;
import io.tuneplane.job.TunedModel;
import io.tuneplane.migration.ParityRecorder.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParityRecorderTest {

  @TempDir Path directory;
  private OldAccount account;
  private Job job;
  private TunedModel model;
  private final List<ChatRequest> asked = new ArrayList<>();

  @BeforeEach
  void open() throws IOException {
    account = new OldAccount(directory);
    account.run();
    job = account.jobs.find(OldAccount.ORGANISATION, account.succeeded).orElseThrow().job();
    model =
        account
            .models
            .find(OldAccount.ORGANISATION, job.result().orElseThrow().tunedModel())
            .orElseThrow();
  }

  @AfterEach
  void close() {
    account.close();
  }

  @Test
  void answersToTheFirstPromptsOfTheValidationSetAreKept() throws Exception {
    Recording recording = recorder().record(job, model, 2, true);

    List<String> lines = Files.readAllLines(account.files.content(recording.file()));
    JsonNode first = JsonMapper.builder().build().readTree(lines.getFirst());
    assertThat(recording.prompts()).isEqualTo(2);
    assertThat(recording.promptTokens()).isEqualTo(14);
    assertThat(recording.completionTokens()).isEqualTo(6);
    assertThat(recording.file().purpose()).isEqualTo("parity");
    assertThat(lines).hasSize(2);
    assertThat(first.path("prompt").path(0).path("content").asText()).isEqualTo("question 0");
    assertThat(first.path("expected").asText()).isEqualTo("answer 0");
    assertThat(first.path("answer").asText()).isEqualTo("as it says: question 0");
    assertThat(first.path("model").asText()).isEqualTo(model.name());
    assertThat(asked).hasSize(2).allMatch(r -> r.temperature().orElseThrow() == 0);
  }

  @Test
  void withoutAWordOnTheTermsNothingIsSent() {
    assertThatThrownBy(() -> recorder().record(job, model, 2, false))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("--confirm-terms");
    assertThat(asked).isEmpty();
  }

  @Test
  void aNumberThatWouldCostTooMuchIsRefused() {
    assertThatThrownBy(() -> recorder().record(job, model, 501, true))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("1 to 500");
    assertThat(asked).isEmpty();
  }

  @Test
  void aFileThatIsNotHereIsNamed() {
    account.files.delete(OldAccount.ORGANISATION, job.request().validationFile().orElseThrow());

    assertThatThrownBy(() -> recorder().record(job, model, 1, true))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("is not here");
  }

  private ParityRecorder recorder() {
    return new ParityRecorder(
        (_, request, sink) -> {
          asked.add(request);
          sink.text("as it says: ");
          sink.text(request.messages().getLast().content().orElseThrow());
          return new ChatSummary("stop", 7, 3, 0);
        },
        account.files,
        account.host);
  }
}
