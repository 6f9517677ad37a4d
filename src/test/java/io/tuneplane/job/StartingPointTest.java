package io.tuneplane.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.backend.Method;
import io.tuneplane.backend.TrainedModel;
import io.tuneplane.job.HyperparameterChoices.LoraChoices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartingPointTest {

  private static final LoraChoices KEPT =
      new LoraChoices(4, 32, 0.1, List.of("q_proj", "v_proj"), true);

  @TempDir Path adapter;

  @Test
  void theAdaptersShapeTakesThePlaceOfWhatWasNotAskedFor() throws IOException {
    assertThat(start().shape(HyperparameterChoices.AUTO).orElseThrow().lora()).isEqualTo(KEPT);
  }

  @Test
  void theSameShapeMayBeAskedFor() throws IOException {
    LoraChoices same = new LoraChoices(4, 32, 0, List.of("v_proj", "q_proj"), true);

    assertThat(start().shape(asking(same)).orElseThrow().lora()).isEqualTo(KEPT);
  }

  @Test
  void anotherShapeIsRefused() throws IOException {
    LoraChoices other = new LoraChoices(16, 32, 0, List.of("q_proj", "v_proj"), true);

    assertThat(start().shape(asking(other))).isEmpty();
  }

  @Test
  void aModelWhoseWeightsAreNotOursIsNoStart() throws IOException {
    assertThat(StartingPoint.of(model(Optional.empty()))).isEmpty();
  }

  private static HyperparameterChoices asking(LoraChoices lora) {
    HyperparameterChoices auto = HyperparameterChoices.AUTO;
    return new HyperparameterChoices(
        auto.epochs(),
        auto.batchSize(),
        auto.learningRateMultiplier(),
        auto.beta(),
        lora,
        auto.quantization());
  }

  private StartingPoint start() throws IOException {
    Files.writeString(
        adapter.resolve("adapter_config.json"),
        """
        {"r": 4, "lora_alpha": 32, "lora_dropout": 0.1, "use_rslora": true,
         "target_modules": ["q_proj", "v_proj"]}
        """);
    return StartingPoint.of(model(Optional.of(adapter))).orElseThrow();
  }

  private static TunedModel model(Optional<Path> adapter) {
    return new TunedModel(
        "ft:tiny:default::abcd1234",
        "default",
        "tiny",
        "local",
        Method.SUPERVISED,
        "ftjob-a",
        Instant.EPOCH,
        new TrainedModel("digest", adapter, Optional.empty(), Optional.empty()),
        Set.of());
  }
}
