package io.tuneplane.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.FineTuningJobEvent;
import com.openai.models.finetuning.jobs.JobCreateParams;
import com.openai.models.finetuning.jobs.JobListEventsParams;
import com.openai.models.finetuning.methods.DpoHyperparameters;
import com.openai.models.finetuning.methods.DpoMethod;
import com.openai.models.finetuning.methods.SupervisedHyperparameters;
import com.openai.models.finetuning.methods.SupervisedMethod;
import io.tuneplane.access.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// OpenAI's own Java client against our server, its strict validation of answers on.
class OpenAiClientTest {

  @TempDir Path folder;
  private TestServer server;
  private OpenAIClient client;

  @BeforeEach
  void start() {
    server = TestServer.start(folder);
    client = client(TestServer.trainer());
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private OpenAIClient client(String key) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(server.url() + "/v1")
        .apiKey(key)
        .maxRetries(0)
        .responseValidation(true)
        .build();
  }

  private FileObject upload() {
    try {
      Path data = Files.writeString(folder.resolve("train.jsonl"), "{\"messages\":[]}\n");
      return client
          .files()
          .create(FileCreateParams.builder().file(data).purpose(FilePurpose.FINE_TUNE).build());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void filesGoUpAreListedReadAndDeleted() throws IOException {
    FileObject file = upload();
    file.validate();

    assertThat(client.files().retrieve(file.id())).isEqualTo(file);
    try (var content = client.files().content(file.id())) {
      assertThat(content.body().readAllBytes()).hasSize((int) file.bytes());
    }
    List<String> listed = new ArrayList<>();
    client.files().list().autoPager().forEach(f -> listed.add(f.id()));
    assertThat(listed).containsExactly(file.id());
    assertThat(client.files().delete(file.id()).deleted()).isTrue();
    assertThatThrownBy(() -> client.files().retrieve(file.id()))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void aJobIsMadeFollowedPausedAndCancelled() {
    FineTuningJob job =
        client
            .fineTuning()
            .jobs()
            .create(
                JobCreateParams.builder()
                    .model("smollm2-135m-instruct")
                    .trainingFile(upload().id())
                    .suffix("demo")
                    .seed(7)
                    .metadata(
                        JobCreateParams.Metadata.builder()
                            .putAdditionalProperty("tuneplane.backend", JsonValue.from("local"))
                            .build())
                    .method(
                        JobCreateParams.Method.builder()
                            .type(JobCreateParams.Method.Type.SUPERVISED)
                            .supervised(
                                SupervisedMethod.builder()
                                    .hyperparameters(
                                        SupervisedHyperparameters.builder()
                                            .nEpochs(3)
                                            .batchSizeAuto()
                                            .learningRateMultiplier(0.8)
                                            .build())
                                    .build())
                            .build())
                    .build());
    job.validate();

    assertThat(client.fineTuning().jobs().retrieve(job.id())).isEqualTo(job);
    List<FineTuningJobEvent> events = new ArrayList<>();
    client
        .fineTuning()
        .jobs()
        .listEvents(JobListEventsParams.builder().fineTuningJobId(job.id()).limit(2).build())
        .autoPager()
        .forEach(events::add);
    assertThat(events).hasSize(MemoryJobs.EVENTS).allSatisfy(FineTuningJobEvent::validate);
    List<Long> steps = new ArrayList<>();
    client
        .fineTuning()
        .jobs()
        .checkpoints()
        .list(job.id())
        .autoPager()
        .forEach(c -> steps.add(c.validate().stepNumber()));
    assertThat(steps).containsExactly(30L, 20L, 10L);
    assertThat(client.fineTuning().jobs().pause(job.id()).validate().status())
        .isEqualTo(FineTuningJob.Status.QUEUED);
    assertThat(client.fineTuning().jobs().resume(job.id()).validate().status())
        .isEqualTo(FineTuningJob.Status.RUNNING);
    assertThat(client.fineTuning().jobs().cancel(job.id()).validate().status())
        .isEqualTo(FineTuningJob.Status.CANCELLED);
    assertThatThrownBy(() -> client.fineTuning().jobs().cancel(job.id()))
        .isInstanceOf(BadRequestException.class);
    List<String> jobs = new ArrayList<>();
    client.fineTuning().jobs().list().autoPager().forEach(j -> jobs.add(j.validate().id()));
    assertThat(jobs).containsExactly(job.id());
  }

  @Test
  void aPreferenceJobIsMade() {
    FineTuningJob job =
        client
            .fineTuning()
            .jobs()
            .create(
                JobCreateParams.builder()
                    .model("smollm2-135m-instruct")
                    .trainingFile(upload().id())
                    .method(
                        JobCreateParams.Method.builder()
                            .type(JobCreateParams.Method.Type.DPO)
                            .dpo(
                                DpoMethod.builder()
                                    .hyperparameters(
                                        DpoHyperparameters.builder()
                                            .beta(0.2)
                                            .nEpochsAuto()
                                            .build())
                                    .build())
                            .build())
                    .build());

    assertThat(job.validate().method().orElseThrow().dpo()).isPresent();
  }

  @Test
  void modelsAreListedAndAnswer() {
    List<String> models = new ArrayList<>();
    client.models().list().autoPager().forEach(model -> models.add(model.validate().id()));
    assertThat(models).containsExactly(ScriptedModels.OWN, "echo");
    assertThat(client.models().retrieve(ScriptedModels.OWN).validate().id())
        .isEqualTo(ScriptedModels.OWN);

    ChatCompletion answer =
        client
            .chat()
            .completions()
            .create(
                ChatCompletionCreateParams.builder()
                    .model(ScriptedModels.OWN)
                    .addUserMessage("hi")
                    .temperature(0.7)
                    .maxCompletionTokens(20)
                    .build());
    assertThat(answer.validate().choices().getFirst().message().content()).contains("Hello, world");
    assertThat(answer.usage().orElseThrow().totalTokens()).isEqualTo(14);
  }

  @Test
  void aStreamIsReadToItsEnd() {
    List<ChatCompletionChunk> chunks = new ArrayList<>();
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(asked("echo"))) {
      stream.stream().forEach(chunk -> chunks.add(chunk.validate()));
    }

    assertThat(chunks.getLast().usage().orElseThrow().totalTokens()).isEqualTo(14);
    assertThat(
            chunks.stream()
                .flatMap(chunk -> chunk.choices().stream())
                .flatMap(choice -> choice.delta().content().stream()))
        .containsSubsequence("Hello", ", ", "world");
  }

  @Test
  void aStreamThatBreaksIsAnErrorToItsReader() {
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(asked("breaks"))) {
      assertThatThrownBy(() -> stream.stream().forEach(_ -> {}))
          .hasMessageContaining("its server died");
    }
  }

  private static ChatCompletionCreateParams asked(String model) {
    return ChatCompletionCreateParams.builder()
        .model(model)
        .addUserMessage("hi")
        .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
        .build();
  }

  @Test
  void everyRefusalIsTheExceptionThatTheClientHasForIt() {
    OpenAIClient nobody = client("tp-guess");
    OpenAIClient viewer = client(TestServer.key(Role.VIEWER, "default"));
    assertThatThrownBy(() -> nobody.models().list()).isInstanceOf(UnauthorizedException.class);
    assertThatThrownBy(() -> viewer.fineTuning().jobs().cancel("ftjob-1"))
        .isInstanceOf(PermissionDeniedException.class);
    nobody.close();
    viewer.close();
    assertThatThrownBy(() -> client.fineTuning().jobs().retrieve("ftjob-none"))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() ->
            client
                .fineTuning()
                .jobs()
                .create(JobCreateParams.builder().model("m").trainingFile("file-unknown").build()))
        .isInstanceOfSatisfying(
            BadRequestException.class,
            e -> {
              assertThat(e.param()).contains("training_file");
              assertThat(e.code()).contains("invalid_value");
              assertThat(e.type()).contains("invalid_request_error");
              assertThat(e.headers().values("x-request-id")).hasSize(1);
            });
  }
}
