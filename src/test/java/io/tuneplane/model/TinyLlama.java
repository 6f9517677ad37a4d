package io.tuneplane.model;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedMap;

/// A tiny random model of the Llama family for tests, written in either file format. The same
/// options and seed give the same bytes. Its heads are the smallest that the server runs.
///
/// @param seed of the weights
/// @param biases whether q, k and v have biases: then it is a Qwen2
/// @param llama3Rope whether its rotary frequencies are stretched as Llama 3's
/// @param untiedHead whether the output head is a tensor of its own
/// @param shards the safetensors files to write; 1 for a single one
/// @param dtype F32, F16 or BF16
public record TinyLlama(
    long seed, boolean biases, boolean llama3Rope, boolean untiedHead, int shards, DType dtype) {

  public static final int HIDDEN = 32;
  public static final int INTERMEDIATE = 64;
  public static final int LAYERS = 2;
  public static final int HEADS = 2;
  public static final int KV_HEADS = 1;
  public static final int HEAD_DIM = 16;
  public static final int POSITIONS = 2048;
  public static final double ROPE_THETA = 10_000;
  public static final double EPS = 1e-5;

  /// A plain one: Llama, tied, one file, F32.
  public static TinyLlama seeded(long seed) {
    return new TinyLlama(seed, false, false, false, 1, DType.F32);
  }

  public TinyLlama withBiases() {
    return new TinyLlama(seed, true, llama3Rope, untiedHead, shards, dtype);
  }

  public TinyLlama withLlama3Rope() {
    return new TinyLlama(seed, biases, true, untiedHead, shards, dtype);
  }

  public TinyLlama withUntiedHead() {
    return new TinyLlama(seed, biases, llama3Rope, true, shards, dtype);
  }

  public TinyLlama inShards(int files) {
    return new TinyLlama(seed, biases, llama3Rope, untiedHead, files, dtype);
  }

  public TinyLlama as(DType type) {
    return new TinyLlama(seed, biases, llama3Rope, untiedHead, shards, type);
  }

  /// What [BaseModel#config()] is to answer.
  public ModelConfig config() {
    return new ModelConfig(
        biases ? "Qwen2ForCausalLM" : "LlamaForCausalLM",
        vocabulary(),
        HIDDEN,
        INTERMEDIATE,
        LAYERS,
        HEADS,
        KV_HEADS,
        HEAD_DIM,
        POSITIONS,
        EPS,
        ROPE_THETA,
        llama3Rope
            ? Optional.of(new ModelConfig.RopeScaling.Llama3(8, 1, 4, 512))
            : Optional.empty(),
        biases,
        !untiedHead,
        Optional.of(TinyTokenizer.BOS),
        List.of(TinyTokenizer.EOS));
  }

  /// The vocabulary, rounded up as real models do.
  public static int vocabulary() {
    return Math.ceilDiv(TinyTokenizer.tokens().size(), 8) * 8;
  }

  /// Every tensor's values. Norms are near 1; the rest is of the size of trained weights.
  public SequencedMap<String, float[]> values() {
    SequencedMap<String, float[]> values = new LinkedHashMap<>();
    Random random = new Random(seed);
    ModelLayout.shapes(config().shape())
        .forEach((name, shape) -> {
          float[] tensor = new float[(int) size(shape)];
          for (int i = 0; i < tensor.length; i++) {
            float noise = (float) random.nextGaussian();
            tensor[i] = name.contains("norm") ? 1 + 0.1f * noise : 0.15f * noise;
          }
          values.put(name, rounded(tensor));
        });
    return values;
  }

  /// To what the type can hold, so that reading gives exactly these values back.
  private float[] rounded(float[] tensor) {
    for (int i = 0; i < tensor.length; i++) {
      tensor[i] =
          switch (dtype) {
            case F16 -> Float.float16ToFloat(Float.floatToFloat16(tensor[i]));
            case BF16 -> Float.intBitsToFloat(Float.floatToIntBits(tensor[i]) & 0xffff0000);
            case F32 -> tensor[i];
            case I64, Q8_0, Q4_0, Q4_1, Q4_K, Q6_K ->
                throw new IllegalArgumentException("not for a whole model: " + dtype);
          };
    }
    return tensor;
  }

  /// Writes a Hugging Face folder.
  ///
  /// @return the folder
  public Path writeFolder(Path folder) throws IOException {
    Files.createDirectories(folder);
    write(folder.resolve("config.json"), configJson());
    write(folder.resolve("tokenizer.json"), TinyTokenizer.json());
    write(folder.resolve("tokenizer_config.json"), TinyTokenizer.settings());
    writeWeights(folder);
    return folder;
  }

  /// Writes a GGUF file.
  ///
  /// @return the file
  public Path writeGguf(Path file) throws IOException {
    return Files.write(file, new TinyGguf(this).bytes());
  }

  private ObjectNode configJson() {
    ObjectNode json = ModelJson.MAPPER.createObjectNode();
    json.putArray("architectures").add(config().architecture());
    json.put("model_type", biases ? "qwen2" : "llama")
        .put("hidden_act", "silu")
        .put("vocab_size", vocabulary())
        .put("hidden_size", HIDDEN)
        .put("intermediate_size", INTERMEDIATE)
        .put("num_hidden_layers", LAYERS)
        .put("num_attention_heads", HEADS)
        .put("num_key_value_heads", KV_HEADS)
        .put("max_position_embeddings", POSITIONS)
        .put("rms_norm_eps", EPS)
        .put("rope_theta", ROPE_THETA)
        .put("tie_word_embeddings", !untiedHead)
        .put("bos_token_id", TinyTokenizer.BOS)
        .put("eos_token_id", TinyTokenizer.EOS);
    if (llama3Rope) {
      json.putObject("rope_scaling")
          .put("rope_type", "llama3")
          .put("factor", 8.0)
          .put("low_freq_factor", 1.0)
          .put("high_freq_factor", 4.0)
          .put("original_max_position_embeddings", 512);
    }
    return json;
  }

  private void writeWeights(Path folder) throws IOException {
    List<List<SafetensorsWriter.Entry>> files = new ArrayList<>();
    for (int i = 0; i < shards; i++) {
      files.add(new ArrayList<>());
    }
    Map<String, float[]> values = values();
    ModelLayout.shapes(config().shape())
        .forEach((name, shape) -> {
          int shard = Math.floorMod(name.hashCode(), shards);
          files.get(shard).add(entry(name, shape, requireNonNull(values.get(name))));
        });
    Map<String, String> metadata = Map.of("format", "pt");
    if (shards == 1) {
      SafetensorsWriter.write(folder.resolve("model.safetensors"), files.getFirst(), metadata);
      return;
    }
    ObjectNode index = ModelJson.MAPPER.createObjectNode();
    ObjectNode map = index.putObject("weight_map");
    for (int i = 0; i < shards; i++) {
      String name = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards);
      SafetensorsWriter.write(folder.resolve(name), files.get(i), metadata);
      files.get(i).forEach(e -> map.put(e.name(), name));
    }
    write(folder.resolve("model.safetensors.index.json"), index);
  }

  private SafetensorsWriter.Entry entry(String name, long[] shape, float[] values) {
    List<Long> sizes = new ArrayList<>();
    for (long d : shape) {
      sizes.add(d);
    }
    return new SafetensorsWriter.Entry(
        name, dtype, sizes, () -> MemorySegment.ofBuffer(bytes(values)));
  }

  /// The values as they lie in a file.
  ByteBuffer bytes(float[] values) {
    ByteBuffer buffer =
        ByteBuffer.allocate((int) dtype.bytes(values.length)).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      switch (dtype) {
        case F32 -> buffer.putFloat(value);
        case F16 -> buffer.putShort(Float.floatToFloat16(value));
        case BF16 -> buffer.putShort((short) (Float.floatToIntBits(value) >>> 16));
        case I64, Q8_0, Q4_0, Q4_1, Q4_K, Q6_K ->
            throw new IllegalArgumentException("not for a whole model: " + dtype);
      }
    }
    return buffer.flip();
  }

  private static long size(long[] shape) {
    long n = 1;
    for (long d : shape) {
      n *= d;
    }
    return n;
  }

  static void write(Path file, ObjectNode json) throws IOException {
    Files.write(file, ModelJson.MAPPER.writeValueAsBytes(json));
  }
}
