package io.tuneplane.model;

import java.nio.file.Path;

/// A base model on this machine's disk, ready to be read. Opening it reads headers only.
public interface BaseModel extends AutoCloseable {

  /// The folder, or the GGUF file.
  Path path();

  /// The model's shape.
  ModelConfig config();

  /// The tensors.
  Weights weights();

  /// The tokenizer, loaded on first use.
  Tokenizer tokenizer();

  /// The chat template.
  ///
  /// @throws ModelException if the model has none
  ChatTemplate chatTemplate();

  /// SHA-256 over the weight files (names in order, each with its SHA-256), in hex. A GGUF file and
  /// the hub's original of one model are different bases.
  String digest();

  @Override
  void close();
}
