package io.tuneplane.backend.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.core.JsonValue;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.JobCreateParams;
import com.openai.models.finetuning.methods.DpoHyperparameters;
import com.openai.models.finetuning.methods.DpoMethod;
import com.openai.models.finetuning.methods.SupervisedHyperparameters;
import com.openai.models.finetuning.methods.SupervisedMethod;
import io.tuneplane.backend.Hyperparameters;
import io.tuneplane.backend.TrainedModel;
import io.tuneplane.backend.TrainingSpec;
import java.util.Optional;
import java.util.Set;

/// Says a training spec in OpenAI's words.
final class JobParams {

  /// The metadata key of our mark. Not `tuneplane.`: that prefix is an instruction to a Tuneplane,
  /// which the host may be.
  static final String MARK = "tuneplane_mark";

  private JobParams() {}

  /// @param model the host's id of the base model
  /// @param training the id of the uploaded training file
  /// @param validation the id of the uploaded validation file
  static JobCreateParams of(
      TrainingSpec spec, String mark, String model, String training, Optional<String> validation) {
    JobCreateParams.Metadata.Builder metadata = JobCreateParams.Metadata.builder();
    spec.labels()
        .forEach((key, value) -> metadata.putAdditionalProperty(key, JsonValue.from(value)));
    metadata.putAdditionalProperty(MARK, JsonValue.from(mark));
    return JobCreateParams.builder()
        .model(spec.startFrom().map(TrainedModel::remoteName).orElse(model))
        .trainingFile(training)
        .validationFile(validation)
        .suffix(spec.suffix())
        .seed(spec.seed())
        .metadata(metadata.build())
        .method(method(spec))
        .build();
  }

  /// The mark that a job carries.
  static Optional<String> markOf(FineTuningJob job) {
    return job.metadata()
        .map(metadata -> metadata._allProperties().get(MARK))
        .map(value -> value.convert(JsonNode.class))
        .flatMap(value -> Optional.ofNullable(value.textValue()));
  }

  private static JobCreateParams.Method method(TrainingSpec spec) {
    Hyperparameters h = spec.hyperparameters();
    return switch (spec.method()) {
      case SUPERVISED ->
          JobCreateParams.Method.builder()
              .type(JobCreateParams.Method.Type.SUPERVISED)
              .supervised(
                  SupervisedMethod.builder()
                      .hyperparameters(supervised(h, spec.automatic()))
                      .build())
              .build();
      case DPO ->
          JobCreateParams.Method.builder()
              .type(JobCreateParams.Method.Type.DPO)
              .dpo(DpoMethod.builder().hyperparameters(dpo(h, spec.automatic())).build())
              .build();
    };
  }

  private static SupervisedHyperparameters supervised(Hyperparameters h, Set<String> automatic) {
    SupervisedHyperparameters.Builder builder =
        SupervisedHyperparameters.builder()
            .nEpochs(h.epochs())
            .batchSize(h.batchSize())
            .learningRateMultiplier(h.learningRateMultiplier());
    if (automatic.contains("batch_size")) {
      builder.batchSizeAuto();
    }
    if (automatic.contains("learning_rate_multiplier")) {
      builder.learningRateMultiplierAuto();
    }
    return builder.build();
  }

  private static DpoHyperparameters dpo(Hyperparameters h, Set<String> automatic) {
    DpoHyperparameters.Builder builder =
        DpoHyperparameters.builder()
            .nEpochs(h.epochs())
            .batchSize(h.batchSize())
            .learningRateMultiplier(h.learningRateMultiplier())
            .beta(h.beta());
    if (automatic.contains("batch_size")) {
      builder.batchSizeAuto();
    }
    if (automatic.contains("learning_rate_multiplier")) {
      builder.learningRateMultiplierAuto();
    }
    if (automatic.contains("beta")) {
      builder.betaAuto();
    }
    return builder.build();
  }
}
