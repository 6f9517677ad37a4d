package io.tuneplane.backend.vertex;

import com.google.genai.types.AdapterSize;
import com.google.genai.types.CreateTuningJobConfig;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.TuningMethod;
import com.google.genai.types.TuningValidationDataset;
import io.tuneplane.backend.Hyperparameters;
import io.tuneplane.backend.Hyperparameters.Lora;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.SubmissionKey;
import io.tuneplane.backend.TrainingSpec;
import java.util.Optional;

/// What is asked of Vertex AI for a spec. What the user left to us and Google has a rule for is
/// left out: the learning rate's multiplier, the adapter's size, beta.
final class TuningRequest {

  /// Preference tuning is not in the published descriptions of the API's version `v1`
  /// (google-cloud-aiplatform 3.93.0), and Google's own client speaks `v1beta1`.
  private static final String PREFERENCE_VERSION = "v1beta1";

  private TuningRequest() {}

  /// The name of the model that tuning starts from.
  static String model(VertexFacts facts, TrainingSpec spec) {
    return spec.startFrom()
        .flatMap(start -> TunedName.parse(start.remoteName()))
        .flatMap(TunedName::model)
        .orElseGet(() -> facts.id(spec.baseModel()));
  }

  static CreateTuningJobConfig config(
      TrainingSpec spec, SubmissionKey key, Optional<String> validation) {
    Hyperparameters h = spec.hyperparameters();
    CreateTuningJobConfig.Builder config =
        CreateTuningJobConfig.builder()
            .epochCount(h.epochs())
            .tunedModelDisplayName(spec.suffix().orElse(key.mark()))
            .labels(Labels.of(key, spec.labels()));
    if (spec.method() == Method.DPO) {
      config
          .method(TuningMethod.Known.PREFERENCE_TUNING)
          .httpOptions(HttpOptions.builder().apiVersion(PREFERENCE_VERSION).build());
    } else {
      config.method(TuningMethod.Known.SUPERVISED_FINE_TUNING);
    }
    validation.ifPresent(
        uri -> config.validationDataset(TuningValidationDataset.builder().gcsUri(uri).build()));
    asked(spec, config);
    return config.build();
  }

  private static void asked(TrainingSpec spec, CreateTuningJobConfig.Builder config) {
    Hyperparameters h = spec.hyperparameters();
    if (!spec.automatic().contains("learning_rate_multiplier")) {
      config.learningRateMultiplier((float) h.learningRateMultiplier());
    }
    if (spec.method() == Method.DPO && !spec.automatic().contains("beta")) {
      config.beta((float) h.beta());
    }
    if (!spec.automatic().contains(SpecCheck.RANK)) {
      h.lora().map(Lora::rank).ifPresent(rank -> config.adapterSize(size(rank)));
    }
  }

  private static AdapterSize.Known size(int rank) {
    return switch (rank) {
      case 1 -> AdapterSize.Known.ADAPTER_SIZE_ONE;
      case 2 -> AdapterSize.Known.ADAPTER_SIZE_TWO;
      case 4 -> AdapterSize.Known.ADAPTER_SIZE_FOUR;
      case 8 -> AdapterSize.Known.ADAPTER_SIZE_EIGHT;
      case 16 -> AdapterSize.Known.ADAPTER_SIZE_SIXTEEN;
      default -> throw new IllegalArgumentException("no adapter size " + rank);
    };
  }
}
