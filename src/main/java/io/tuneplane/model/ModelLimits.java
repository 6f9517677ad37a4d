package io.tuneplane.model;

/// Bounds that no honest model reaches, so that a hostile header can't ask for absurd memory; and
/// what must hold between the sizes of any model.
final class ModelLimits {

  static final int WIDTH = 1 << 20;
  static final int HEADS = 4096;
  static final int LAYERS = 1024;
  static final int VOCABULARY = 1 << 22;
  static final int POSITIONS = 1 << 28;

  private ModelLimits() {}

  /// @throws ModelException if the sizes contradict each other
  static ModelConfig checked(ModelConfig config, String source) {
    if (config.heads() % config.kvHeads() != 0) {
      throw new ModelException(
          "%s: %d key/value heads do not divide %d heads"
              .formatted(source, config.kvHeads(), config.heads()));
    }
    if (config.headDim() < 2 || config.headDim() % 2 != 0) {
      throw new ModelException(
          "%s: a head of width %d can't be rotated".formatted(source, config.headDim()));
    }
    return config;
  }
}
