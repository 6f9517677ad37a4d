package io.tuneplane.runner.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.model.ModelConfig;
import io.tuneplane.runner.RunnerException.WrongInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The work, as `job.json` holds it (`docs/schemas/runner/job.schema.json`). Everything is
/// resolved: there is no `auto` left but for `compute`.
///
/// @param mark the job's mark, `[a-z0-9-]{1,63}`
/// @param attempt which start of this job it is, from 1; copied into every event
/// @param baseModel the frozen weights
/// @param startAdapter an adapter to go on from, if any
/// @param method what is learnt from the data
/// @param hyperparameters all of them
/// @param data the files, relative to the job's folder
/// @param seed the seed of initialisation, order and dropout
/// @param compute the arithmetic of the passes
/// @param limits what the run may use, and how often it reports
public record TrainingJob(
    @JsonProperty(required = true) String mark,
    @JsonProperty(required = true) int attempt,
    @JsonProperty(required = true) BaseModelFiles baseModel,
    @JsonSetter(nulls = Nulls.SET) @Nullable StartAdapter startAdapter,
    @JsonProperty(required = true) Method method,
    @JsonProperty(required = true) Hyperparameters hyperparameters,
    @JsonProperty(required = true) Data data,
    @JsonProperty(required = true) long seed,
    @JsonProperty(required = true) Compute compute,
    @JsonProperty(required = true) Limits limits) {

  public TrainingJob {
    Check.matches("mark", mark, "[a-z0-9-]{1,63}");
    Check.atLeast("attempt", attempt, 1);
  }

  /// The frozen weights.
  ///
  /// @param name what the user calls the model; becomes `base_model_name_or_path` of the adapter
  /// @param path a Hugging Face folder or a GGUF file
  /// @param digest SHA-256 of the weights in hex, as `BaseModel.digest()` computes it
  public record BaseModelFiles(
      @JsonProperty(required = true) String name,
      @JsonProperty(required = true) String path,
      @JsonProperty(required = true) String digest) {

    public BaseModelFiles {
      Check.matches("base_model.digest", digest, "[0-9a-f]{64}");
    }
  }

  /// An adapter in PEFT layout to go on from.
  ///
  /// @param path its folder
  /// @param digest SHA-256 of its `adapter_model.safetensors` in hex
  public record StartAdapter(
      @JsonProperty(required = true) String path, @JsonProperty(required = true) String digest) {

    public StartAdapter {
      Check.matches("start_adapter.digest", digest, "[0-9a-f]{64}");
    }
  }

  /// The data files.
  ///
  /// @param train the training set's file name in the job's folder
  /// @param validation the validation set's, if any
  public record Data(
      @JsonProperty(required = true) String train,
      @JsonSetter(nulls = Nulls.SET) @Nullable String validation) {

    public Data {
      Check.plainName("data.train", train);
      if (validation != null) {
        Check.plainName("data.validation", validation);
      }
    }
  }

  /// What is learnt.
  public enum Method {
    /// The assistant's tokens.
    @JsonProperty("supervised")
    SUPERVISED,
    /// To prefer one answer to another (Rafailov et al., 2023, arXiv:2305.18290).
    @JsonProperty("dpo")
    DPO
  }

  /// The arithmetic of the forward and backward passes. The adapter, its optimiser, norms, softmax
  /// and loss are 32-bit in every case.
  public enum Compute {
    /// `bf16` where the processor has instructions for it, else `fp32`; see `docs/runner.md`.
    @JsonProperty("auto")
    AUTO,
    /// 32-bit floats throughout.
    @JsonProperty("fp32")
    FP32,
    /// Products of bfloat16 matrices, summed in 32 bits.
    @JsonProperty("bf16")
    BF16;

    Precision precision(ModelConfig config) {
      return switch (this) {
        case FP32 -> Precision.FP32;
        case BF16 -> Precision.BF16;
        case AUTO -> FastBf16.choice(config);
      };
    }
  }

  /// Reads and checks a job.
  ///
  /// @throws WrongInput if the file is missing, is not JSON, or breaks a rule; names the field
  public static TrainingJob read(Path file) {
    try {
      JsonNode json = RunnerJson.MAPPER.readTree(Files.readAllBytes(file));
      if (!json.isObject()) {
        throw new WrongInput("job.json holds no object");
      }
      return RunnerJson.MAPPER.treeToValue(json, TrainingJob.class);
    } catch (JsonMappingException e) {
      String field =
          e.getPath().stream()
              .map(r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : r.getFieldName())
              .collect(Collectors.joining("."));
      throw new WrongInput(
          "job.json: " + (field.isEmpty() ? "" : field + ": ") + e.getOriginalMessage(), e);
    } catch (JsonProcessingException e) {
      throw new WrongInput("job.json is not JSON: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new WrongInput("job.json can't be read: " + e.getMessage(), e);
    }
  }
}
