package io.tuneplane.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tuneplane.backend.Hyperparameters;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.Problem;
import io.tuneplane.job.HyperparameterChoices.LoraChoices;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HyperparameterRulesTest {

  @ParameterizedTest
  @CsvSource({"1,10", "10,10", "30,10", "31,10", "50,6", "99,4", "100,3", "100000,3"})
  void autoEpochsFallFromTenToThree(long examples, int epochs) {
    assertThat(HyperparameterRules.autoEpochs(examples)).isEqualTo(epochs);
  }

  @ParameterizedTest
  @CsvSource({"10,4", "2000,4", "2250,5", "10000,20", "32000,64", "1000000,64"})
  void autoBatchesAreAShareOfTheExamples(long examples, int batch) {
    assertThat(HyperparameterRules.autoBatchSize(examples)).isEqualTo(batch);
  }

  @Test
  void theLearningRateIsBaseTimesMultiplier() {
    HyperparameterChoices choices =
        new HyperparameterChoices(
            Choice.of(2),
            Choice.of(8),
            Choice.of(1.8),
            Choice.auto(),
            LoraChoices.DEFAULT,
            Optional.empty());

    Hyperparameters calibrated =
        HyperparameterRules.resolve(choices, Method.SUPERVISED, 500, Optional.of(1e-3));
    Hyperparameters dpo = HyperparameterRules.resolve(choices, Method.DPO, 500, Optional.empty());

    assertThat(calibrated.learningRate()).isCloseTo(1.8e-3, within(1e-12));
    assertThat(calibrated.epochs()).isEqualTo(2);
    assertThat(calibrated.batchSize()).isEqualTo(8);
    assertThat(dpo.learningRate()).isCloseTo(9e-6, within(1e-12));
    assertThat(dpo.beta()).isEqualTo(0.1);
  }

  @Test
  void nothingIsLeftAuto() {
    Hyperparameters resolved =
        HyperparameterRules.resolve(
            HyperparameterChoices.AUTO, Method.SUPERVISED, 104, Optional.empty());

    assertThat(resolved.epochs()).isEqualTo(3);
    assertThat(resolved.batchSize()).isEqualTo(4);
    assertThat(resolved.learningRateMultiplier()).isEqualTo(1);
    assertThat(resolved.lora())
        .hasValueSatisfying(lora -> {
          assertThat(lora.rank()).isEqualTo(8);
          assertThat(lora.alpha()).isEqualTo(16);
          assertThat(lora.targetModules()).hasSize(7);
        });
  }

  @Test
  void everyValueOutOfRangeIsNamed() {
    HyperparameterChoices choices =
        new HyperparameterChoices(
            Choice.of(51),
            Choice.of(0),
            Choice.of(0.0),
            Choice.of(2.5),
            new LoraChoices(0, Double.NaN, 1, List.of("lm_head"), false),
            Optional.empty());

    assertThat(HyperparameterRules.check(choices))
        .extracting(Problem::field)
        .containsExactly(
            "hyperparameters.n_epochs",
            "hyperparameters.batch_size",
            "hyperparameters.learning_rate_multiplier",
            "hyperparameters.beta",
            "hyperparameters.lora_rank",
            "hyperparameters.lora_alpha",
            "hyperparameters.lora_dropout",
            "hyperparameters.target_modules");
    assertThat(HyperparameterRules.check(HyperparameterChoices.AUTO)).isEmpty();
  }
}
