package io.tuneplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FilePurpose;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.FineTuningJobEvent;
import com.openai.models.finetuning.jobs.JobCreateParams;
import io.tuneplane.backend.FakeScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// OpenAI's own Java client, its strict validation on, through a job's whole life: store, engine,
/// gate and HTTP as they are, and a fake place.
@Timeout(180)
class OpenAiClientOverServerTest {

  @TempDir Path dir;
  private ServerFixture server;
  private OpenAIClient client;

  @BeforeEach
  void start() throws IOException {
    server = new ServerFixture(dir);
    client =
        OpenAIOkHttpClient.builder()
            .baseUrl(server.url() + "/v1")
            .apiKey(server.key())
            .responseValidation(true)
            .build();
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private String file(int examples) throws IOException {
    Path data =
        Files.writeString(
            dir.resolve("train.jsonl"),
            IntStream.range(0, examples)
                .mapToObj(i ->
                    """
                    {"messages":[{"role":"user","content":"Where is order %d?"},\
                    {"role":"assistant","content":"It is on its way, number %d."}]}\
                    """
                        .formatted(i, i))
                .collect(Collectors.joining("\n")));
    return client
        .files()
        .create(FileCreateParams.builder().file(data).purpose(FilePurpose.FINE_TUNE).build())
        .id();
  }

  private FineTuningJob create(String file) {
    return client
        .fineTuning()
        .jobs()
        .create(
            JobCreateParams.builder()
                .model(ServerFixture.MODEL)
                .trainingFile(file)
                .suffix("support")
                .build());
  }

  private FineTuningJob ended(String id) throws InterruptedException {
    while (true) {
      FineTuningJob job = client.fineTuning().jobs().retrieve(id);
      if (job.finishedAt().isPresent()) {
        return job;
      }
      Thread.sleep(200);
    }
  }

  @Test
  void aJobIsCreatedFollowedAndItsModelAnswers() throws Exception {
    FineTuningJob asked = create(file(20));
    assertThat(asked.status()).isEqualTo(FineTuningJob.Status.VALIDATING_FILES);

    FineTuningJob job = ended(asked.id());

    assertThat(job.status()).isEqualTo(FineTuningJob.Status.SUCCEEDED);
    List<String> said =
        client.fineTuning().jobs().listEvents(job.id()).autoPager().stream()
            .map(FineTuningJobEvent::message)
            .toList();
    assertThat(said.getFirst()).contains("has been completed", job.fineTunedModel().orElseThrow());
    assertThat(said.getLast()).isEqualTo("Created fine-tuning job: " + job.id());
    assertThat(client.fineTuning().jobs().checkpoints().list(job.id()).data()).isNotEmpty();

    String model = job.fineTunedModel().orElseThrow();
    assertThat(client.models().retrieve(model).id()).isEqualTo(model);
    ChatCompletionCreateParams ask =
        ChatCompletionCreateParams.builder().model(model).addUserMessage("hi").build();
    ChatCompletion answer = client.chat().completions().create(ask);
    String whole = answer.choices().getFirst().message().content().orElseThrow();
    assertThat(whole).isNotEmpty();
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(ask)) {
      assertThat(
              stream.stream()
                  .flatMap(chunk -> chunk.choices().stream())
                  .flatMap(choice -> choice.delta().content().stream())
                  .collect(Collectors.joining()))
          .isEqualTo(whole);
    }

    assertThat(client.models().delete(model).deleted()).isTrue();
    assertThatThrownBy(() -> client.chat().completions().create(ask))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void aJobOnBadDataFailsWithOpenAisCodeAndOneThatEndsCanNotBeCancelledAgain() throws Exception {
    Path bad = Files.writeString(dir.resolve("bad.jsonl"), "{\"messages\":[]}\n");
    String file =
        client
            .files()
            .create(FileCreateParams.builder().file(bad).purpose(FilePurpose.FINE_TUNE).build())
            .id();

    FineTuningJob failed = ended(create(file).id());

    assertThat(failed.status()).isEqualTo(FineTuningJob.Status.FAILED);
    assertThat(failed.error().orElseThrow().code()).isEqualTo("invalid_training_file");
    assertThat(failed.error().orElseThrow().param()).contains("training_file");
    assertThatThrownBy(() -> client.fineTuning().jobs().cancel(failed.id()))
        .isInstanceOf(BadRequestException.class);
    assertThat(server.place().runs()).isZero();
  }

  @Test
  void aRunningJobIsPausedResumedAndCancelled() throws Exception {
    server.place().nextRun(FakeScript.ENDLESS);
    String id = create(file(20)).id();
    while (!client.fineTuning().jobs().retrieve(id).status().equals(FineTuningJob.Status.RUNNING)) {
      Thread.sleep(100);
    }
    client.fineTuning().jobs().pause(id);
    while (!client.fineTuning().jobs().retrieve(id).status().equals(FineTuningJob.Status.QUEUED)) {
      Thread.sleep(100);
    }
    client.fineTuning().jobs().resume(id);
    client.fineTuning().jobs().cancel(id);

    assertThat(ended(id).status()).isEqualTo(FineTuningJob.Status.CANCELLED);
    assertThat(server.place().runs()).isEqualTo(1);
  }
}
