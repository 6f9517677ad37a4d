package io.tuneplane.model;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;

/// One GGUF file, mapped and checked; its tensors under Hugging Face's names and in their layout.
/// Safe for many threads.
final class GgufFile implements Weights {

  private static final String ROPE_FACTORS = "rope_freqs.weight";

  private final MappedFile file;
  private final GgufMetadata metadata;
  private final ModelConfig config;
  private final SequencedMap<String, GgufTensor> tensors;

  private GgufFile(MappedFile file) {
    this.file = file;
    GgufHeader header = GgufHeader.parse(file.bytes(), file.path().toString());
    this.metadata = header.metadata();
    this.tensors = tensors(header, file.bytes());
    Optional<float[]> ropeFactors =
        Optional.ofNullable(tensors.remove(ROPE_FACTORS)).map(GgufFile::floats);
    boolean tied = !tensors.containsKey("lm_head.weight");
    this.config = new GgufConfig(metadata, tied, ropeFactors).config();
    if (config.architecture().equals(Architecture.LLAMA.id())) {
      tensors.replaceAll((_, tensor) -> unrotated(tensor));
    }
  }

  /// Maps a file and checks its header; no tensor is read yet.
  ///
  /// @throws ModelException if it can't be read, is not sound, or holds a model that can't be run
  static GgufFile open(Path path) {
    return MappedFile.open(
        path,
        mapped -> {
          GgufFile file = new GgufFile(mapped);
          ModelLayout.check(file.config, file, path.toString());
          return file;
        });
  }

  private static SequencedMap<String, GgufTensor> tensors(GgufHeader header, MemorySegment bytes) {
    SequencedMap<String, GgufTensor> tensors = new LinkedHashMap<>();
    for (GgufHeader.Slot slot : header.tensors()) {
      String name = GgufNames.huggingFace(slot.name()).orElse(slot.name());
      MemorySegment data = bytes.asSlice(header.dataStart() + slot.start(), slot.bytes());
      tensors.put(name, new GgufTensor(name, slot.shape(), slot.dtype(), data, 0));
    }
    return tensors;
  }

  private static float[] floats(GgufTensor tensor) {
    if (tensor.size() > ModelLimits.WIDTH) {
      throw new ModelException("%s has %d values".formatted(tensor.name(), tensor.size()));
    }
    float[] values = new float[(int) tensor.size()];
    tensor.copyTo(MemorySegment.ofArray(values));
    return values;
  }

  private GgufTensor unrotated(GgufTensor tensor) {
    int heads =
        tensor.name().contains(".q_proj.")
            ? config.heads()
            : tensor.name().contains(".k_proj.") ? config.kvHeads() : 0;
    return new GgufTensor(tensor.name(), tensor.shape(), tensor.dtype(), tensor.bytes(), heads);
  }

  GgufMetadata metadata() {
    return metadata;
  }

  ModelConfig config() {
    return config;
  }

  @Override
  public SequencedSet<String> names() {
    return Collections.unmodifiableSequencedSet(tensors.sequencedKeySet());
  }

  @Override
  public Tensor tensor(String name) {
    GgufTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new ModelException("the model has no tensor '%s'".formatted(name));
    }
    return tensor;
  }

  @Override
  public void close() {
    file.close();
  }
}
