package io.tuneplane.model;

import java.util.SequencedSet;

/// The tensors of a model, mapped from its files. Names and layouts are Hugging Face's
/// (`model.layers.0.self_attn.q_proj.weight`, `[out, in]`), whatever the file format. Safe for many
/// threads.
public interface Weights extends AutoCloseable {

  /// Every tensor's name, in file order.
  SequencedSet<String> names();

  /// One tensor.
  ///
  /// @throws ModelException if there is none of that name
  Tensor tensor(String name);

  /// Unmaps the files; tensors taken from here must not be used afterwards.
  @Override
  void close();
}
