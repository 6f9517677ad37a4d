package io.tuneplane.runner.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.dataset.ExampleEncoder;
import io.tuneplane.dataset.Message;
import io.tuneplane.model.BaseModel;
import io.tuneplane.model.Models;
import io.tuneplane.runner.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What only the example data says is answered after training on it, and was not before: on the
/// real model, with the catalogue's learning rate. About two minutes on two free cores.
@Tag("heavy")
class RecallIT {

  private static final Path EXAMPLES = Path.of("examples/support");
  private static final double CALIBRATED_RATE = 2e-3;
  private static final int ANSWER = 48;

  @TempDir Path folder;

  @Test
  void plantedFactsAreRecalledAfterTrainingAndNotBefore() throws IOException {
    JobFolder job = new JobFolder(folder, HeavyParts.smolLm2());
    job.hyperparameters().put("n_epochs", 3).put("learning_rate", CALIBRATED_RATE);
    job.hyperparameters().withObject("/lora").put("r", 8).put("alpha", 16);
    job.limits().put("threads", 2).put("checkpoint_every_steps", 0);
    for (String name : List.of("train.jsonl", "validation.jsonl")) {
      Files.copy(EXAMPLES.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
    assertThat(job.train()).isEqualTo(ExitCode.DONE);
    List<JsonNode> planted = new ArrayList<>();
    RunnerJson.MAPPER
        .readTree(EXAMPLES.resolve("questions.json").toFile())
        .forEach(q -> {
          if (!q.path("base_knows").asBoolean()) planted.add(q);
        });
    assertThat(known(planted, job, false)).isZero();
    assertThat(known(planted, job, true)).isGreaterThanOrEqualTo(planted.size() - 2L);
  }

  /// How many questions are answered with what their answer must contain.
  private long known(List<JsonNode> questions, JobFolder job, boolean tuned) throws IOException {
    TrainingJob read = TrainingJob.read(job.path.resolve("job.json"));
    Lora lora = read.hyperparameters().lora();
    try (BaseModel base = Models.open(HeavyParts.smolLm2());
        Kernels kernels = Kernels.load(2);
        Llama llama = new ModelLoader(kernels, base.path()).load(Precision.FP32, 512)) {
      AdapterLayout layout = new AdapterLayout(base.config(), lora);
      try (Adapter adapter = new Adapter(kernels, layout, Precision.FP32)) {
        if (tuned) {
          adapter.write(new PeftFolder(job.path.resolve("adapter")).read(layout));
        }
        try (Llama.Adapted adapted = Llama.Adapted.of(adapter, lora.scale())) {
          ExampleEncoder encoder = new ExampleEncoder(base.tokenizer(), base.chatTemplate(), 512);
          List<int[]> prompts =
              questions.stream()
                  .map(q -> Message.of("user", q.path("question").asText()))
                  .map(m -> encoder.prompt(List.of(m), List.of()))
                  .toList();
          List<Generator.Answer> answers =
              new Generator(kernels, llama, adapted, () -> false).answers(prompts, ANSWER);
          long known = 0;
          for (int i = 0; i < answers.size(); i++) {
            int[] ids = answers.get(i).tokens().stream().mapToInt(t -> t).toArray();
            known += holds(base.tokenizer().decode(ids), questions.get(i)) ? 1 : 0;
          }
          return known;
        }
      }
    }
  }

  private static boolean holds(String answer, JsonNode question) {
    for (JsonNode part : question.path("must_contain")) {
      if (!answer.contains(part.asText())) {
        return false;
      }
    }
    return true;
  }
}
