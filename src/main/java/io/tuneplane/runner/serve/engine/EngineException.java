package io.tuneplane.runner.serve.engine;

/// ONNX Runtime can't load or run the decoder.
public final class EngineException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public EngineException(String message) {
    super(message);
  }

  public EngineException(String message, Throwable cause) {
    super(message, cause);
  }
}
