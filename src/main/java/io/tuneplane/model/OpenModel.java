package io.tuneplane.model;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A model whose headers are read; the tokenizer, the template and the digest come when they are
/// asked for, once. Safe for many threads.
final class OpenModel implements BaseModel {

  private final Path path;
  private final ModelConfig config;
  private final Weights weights;
  private final WeightFiles files;
  private final Supplier<Tokenizer> loadTokenizer;
  private final Supplier<ChatTemplate> loadTemplate;
  private @Nullable Tokenizer tokenizer;
  private @Nullable ChatTemplate template;
  private @Nullable String digest;

  OpenModel(
      Path path,
      ModelConfig config,
      Weights weights,
      WeightFiles files,
      Supplier<Tokenizer> loadTokenizer,
      Supplier<ChatTemplate> loadTemplate) {
    this.path = path;
    this.config = config;
    this.weights = weights;
    this.files = files;
    this.loadTokenizer = loadTokenizer;
    this.loadTemplate = loadTemplate;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public ModelConfig config() {
    return config;
  }

  @Override
  public Weights weights() {
    return weights;
  }

  @Override
  public synchronized Tokenizer tokenizer() {
    if (tokenizer == null) {
      tokenizer = fitting(loadTokenizer.get());
    }
    return tokenizer;
  }

  /// A token without a row in the embedding would be read from beyond it.
  private Tokenizer fitting(Tokenizer loaded) {
    if (loaded.vocabSize() > config.vocabSize()) {
      int size = loaded.vocabSize();
      loaded.close();
      throw new ModelException(
          "%s: the tokenizer has %d tokens, and the model only %d"
              .formatted(path, size, config.vocabSize()));
    }
    return loaded;
  }

  @Override
  public synchronized ChatTemplate chatTemplate() {
    if (template == null) {
      template = loadTemplate.get();
    }
    return template;
  }

  @Override
  public synchronized String digest() {
    if (digest == null) {
      digest = files.digest();
    }
    return digest;
  }

  @Override
  public synchronized void close() {
    weights.close();
    if (tokenizer != null) {
      tokenizer.close();
    }
  }
}
