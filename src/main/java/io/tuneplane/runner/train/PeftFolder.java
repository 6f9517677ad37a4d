package io.tuneplane.runner.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.model.ModelException;
import io.tuneplane.model.SafetensorsFile;
import io.tuneplane.model.SafetensorsWriter;
import io.tuneplane.model.Tensor;
import io.tuneplane.runner.RunnerException.WrongInput;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// An adapter in PEFT's layout: `adapter_config.json` and `adapter_model.safetensors`, which PEFT
/// and vLLM load as they are, and `tuneplane.json`, which says what the adapter belongs to.
///
/// @param path the folder
record PeftFolder(Path path) {

  static final String CONFIG = "adapter_config.json";
  static final String WEIGHTS = "adapter_model.safetensors";
  static final String ORIGIN = "tuneplane.json";

  /// Its files.
  static final List<String> FILES = List.of(CONFIG, WEIGHTS, ORIGIN);

  /// Writes an adapter into a folder that is not in place yet.
  ///
  /// @param values in the order of the layout
  /// @param templateDigest of the chat template that it is trained with
  void write(TrainingJob job, AdapterLayout layout, float[] values, String templateDigest)
      throws IOException {
    Files.createDirectories(path);
    SafetensorsWriter.write(
        path.resolve(WEIGHTS),
        layout.matrices().stream().map(m -> entry(m, values)).toList(),
        Map.of("format", "pt"));
    DurableFiles.write(path.resolve(CONFIG), RunnerJson.pretty(config(job)));
    ObjectNode origin = RunnerJson.MAPPER.createObjectNode();
    origin
        .put("base_model", job.baseModel().name())
        .put("base_digest", job.baseModel().digest())
        .put("chat_template_digest", templateDigest)
        .put("adapter_digest", DurableFiles.sha256(path.resolve(WEIGHTS)));
    DurableFiles.write(path.resolve(ORIGIN), RunnerJson.pretty(origin));
  }

  private static SafetensorsWriter.Entry entry(AdapterLayout.Matrix matrix, float[] values) {
    float[] out = new float[matrix.size()];
    for (int row = 0, i = 0; row < matrix.rows(); row++) {
      for (int column = 0; column < matrix.columns(); column++) {
        out[i++] = values[matrix.at(row, column)];
      }
    }
    return SafetensorsWriter.Entry.floats(
        matrix.name(), out, (long) matrix.rows(), (long) matrix.columns());
  }

  /// The fields that PEFT's `LoraConfig` and vLLM's `PEFTHelper` read.
  private static ObjectNode config(TrainingJob job) {
    Lora lora = job.hyperparameters().lora();
    ObjectNode config = RunnerJson.MAPPER.createObjectNode();
    config
        .put("peft_type", "LORA")
        .put("task_type", "CAUSAL_LM")
        .put("base_model_name_or_path", job.baseModel().name())
        .putNull("revision")
        .put("inference_mode", true)
        .put("r", lora.r());
    if (lora.alpha() == Math.rint(lora.alpha())) {
      config.put("lora_alpha", (long) lora.alpha());
    } else {
      config.put("lora_alpha", lora.alpha());
    }
    config.put("lora_dropout", lora.dropout()).put("use_rslora", lora.useRslora());
    lora.targetModules().forEach(config.putArray("target_modules")::add);
    return config
        .put("bias", "none")
        .put("fan_in_fan_out", false)
        .put("init_lora_weights", true)
        .put("use_dora", false)
        .putNull("modules_to_save")
        .putNull("layers_to_transform");
  }

  /// Reads the values in the order of the layout.
  ///
  /// @throws WrongInput if the file is broken, or its matrices are not the layout's
  float[] read(AdapterLayout layout) {
    try (SafetensorsFile file = SafetensorsFile.open(path.resolve(WEIGHTS))) {
      if (file.names().size() != layout.matrices().size()) {
        throw new WrongInput(path + " holds other matrices than this job's target_modules make");
      }
      float[] values = new float[layout.size()];
      for (AdapterLayout.Matrix matrix : layout.matrices()) {
        read(matrix, file.tensor(matrix.name()), values);
      }
      return values;
    } catch (ModelException e) {
      throw new WrongInput(String.valueOf(e.getMessage()), e);
    }
  }

  private void read(AdapterLayout.Matrix matrix, Tensor tensor, float[] values) {
    if (!Arrays.equals(tensor.shape(), new long[] {matrix.rows(), matrix.columns()})) {
      throw new WrongInput(
          "%s: %s is %s, but this job's adapter has %d x %d"
              .formatted(
                  path,
                  matrix.name(),
                  Arrays.toString(tensor.shape()),
                  matrix.rows(),
                  matrix.columns()));
    }
    float[] in = floats(tensor);
    for (int row = 0, i = 0; row < matrix.rows(); row++) {
      for (int column = 0; column < matrix.columns(); column++) {
        values[matrix.at(row, column)] = in[i++];
      }
    }
  }

  /// A tensor's values, on the heap.
  static float[] floats(Tensor tensor) {
    byte[] bytes = new byte[Math.toIntExact(4 * tensor.size())];
    tensor.copyTo(MemorySegment.ofArray(bytes));
    float[] values = new float[(int) tensor.size()];
    java.nio.ByteBuffer.wrap(bytes)
        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    return values;
  }
}
