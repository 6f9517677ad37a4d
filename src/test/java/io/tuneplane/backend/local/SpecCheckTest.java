package io.tuneplane.backend.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.Hyperparameters;
import io.tuneplane.backend.Hyperparameters.Lora;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.Problem;
import io.tuneplane.backend.SubmissionKey;
import io.tuneplane.backend.TrainingSpec;
import io.tuneplane.model.ModelShape;
import io.tuneplane.model.TinyLlama;
import io.tuneplane.policy.TestClearances;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecCheckTest {

  private static final Lora LORA = new Lora(8, 16, 0, Lora.ALL_LINEAR, false);

  @TempDir private Path directory;

  private LocalPlace place;

  @BeforeEach
  void makePlace() throws IOException {
    place = LocalPlace.create(directory);
  }

  @Test
  void theUsualSpecIsTaken() {
    assertThat(place.scripted("").check(place.spec(3))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 4, 1, 0.1, n_epochs",
    "51, 4, 1, 0.1, n_epochs",
    "3, 0, 1, 0.1, batch_size",
    "3, 257, 1, 0.1, batch_size",
    "3, 4, 0, 0.1, learning_rate_multiplier",
    "3, 4, NaN, 0.1, learning_rate_multiplier",
    "3, 4, Infinity, 0.1, learning_rate_multiplier",
    "3, 4, 1, 0, beta",
    "3, 4, 1, 2.1, beta",
  })
  void whatIsOutOfRangeIsNamed(
      int epochs, int batch, double multiplier, double beta, String field) {
    assertThat(
            check(
                new Hyperparameters(
                    epochs, batch, 1e-4, multiplier, beta, Optional.of(LORA), Optional.empty())))
        .extracting(Problem::field)
        .containsExactly("hyperparameters." + field);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 16, 0, q_proj, lora_rank",
    "257, 16, 0, q_proj, lora_rank",
    "8, 0, 0, q_proj, lora_alpha",
    "8, 16, 1, q_proj, lora_dropout",
    "8, 16, 0, lm_head, target_modules",
  })
  void anAdapterThatCanNotBeIsNamed(
      int rank, double alpha, double dropout, String module, String field) {
    Lora lora = new Lora(rank, alpha, dropout, List.of(module), false);

    assertThat(check(of(Optional.of(lora), Optional.empty())))
        .extracting(Problem::field)
        .containsExactly("hyperparameters." + field);
  }

  @Test
  void allWeightsAndQuantizedWeightsAreNotTrainedHere() {
    assertThat(check(of(Optional.empty(), Optional.of("4bit"))))
        .extracting(Problem::field)
        .containsExactly("method", "hyperparameters.quantization");
  }

  @Test
  void everyProblemIsReportedAtOnce() {
    TrainingSpec spec =
        new TrainingSpec(
            "tiny",
            Method.DPO,
            directory.resolve("nowhere.jsonl"),
            "d".repeat(64),
            Optional.of(directory.resolve("nowhere-either.jsonl")),
            new Hyperparameters(0, 0, 1e-4, 1, 0.1, Optional.of(LORA), Optional.empty()),
            1,
            Optional.empty(),
            Optional.empty(),
            java.util.Set.of(),
            java.util.Map.of());

    assertThat(place.scripted("").check(spec))
        .extracting(Problem::field)
        .containsExactly(
            "training_file",
            "validation_file",
            "hyperparameters.n_epochs",
            "hyperparameters.batch_size");
  }

  @Test
  void tooLittleMemoryIsSaidWithTheNumbersAndWhatToDo() {
    Machine small = TestMachine.roomy().withMemory(300L << 20);
    LocalTraining backend = place.training(place.scriptedRunner(""), small);

    assertThat(backend.check(place.spec(1)))
        .singleElement()
        .satisfies(p -> {
          assertThat(p.field()).isEqualTo("model");
          assertThat(p.message())
              .startsWith("tiny needs at least 0.4 GiB of memory (process 0.4 GiB")
              .contains("and 0.3 GiB may be used (free)", "lower lora_rank");
        });
  }

  @Test
  void modelsThatNeverFitAreNamedForTheDecision() {
    ModelShape small = TinyLlama.seeded(1).config().shape();
    ModelShape large = new ModelShape(128_256, 4096, 14_336, 32, 32, 8, 128, false, false);
    LocalTraining backend = place.training(place.scriptedRunner(""), TestMachine.roomy());

    assertThat(backend.unfit(Map.of("tiny", small, "llama-8b", large)))
        .containsOnlyKeys("llama-8b")
        .extractingByKey("llama-8b")
        .asString()
        .contains("weights 29.9 GiB", "16.0 GiB may be used (in all)");
  }

  @Test
  void aModelThatCanNotBeHadIsRejected() {
    TrainingSpec usual = place.spec(1);
    TrainingSpec spec =
        new TrainingSpec(
            "nobody/nothing",
            usual.method(),
            usual.trainingFile(),
            usual.trainingDigest(),
            usual.validationFile(),
            usual.hyperparameters(),
            usual.seed(),
            usual.suffix(),
            usual.startFrom(),
            java.util.Set.of(),
            java.util.Map.of());
    LocalTraining backend = place.scripted("");

    assertThatThrownBy(() ->
            backend.submit(
                spec, new SubmissionKey("m"), TestClearances.onHardware(LocalTraining.NAME)))
        .isInstanceOf(BackendException.Rejected.class)
        .hasMessageContaining("model: there is no model nobody/nothing");
  }

  private List<Problem> check(Hyperparameters hyperparameters) {
    TrainingSpec usual = place.spec(1);
    return place
        .scripted("")
        .check(
            new TrainingSpec(
                usual.baseModel(),
                usual.method(),
                usual.trainingFile(),
                usual.trainingDigest(),
                usual.validationFile(),
                hyperparameters,
                usual.seed(),
                usual.suffix(),
                usual.startFrom(),
                java.util.Set.of(),
                java.util.Map.of()));
  }

  private static Hyperparameters of(Optional<Lora> lora, Optional<String> quantization) {
    return new Hyperparameters(3, 4, 1e-4, 1, 0.1, lora, quantization);
  }
}
