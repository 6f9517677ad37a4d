package io.tuneplane.runner.train;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.tuneplane.runner.RunnerException.OutOfMemory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/// The methods of `kernels.torchscript`, loaded into libtorch. For one thread at a time; the
/// arithmetic inside a call uses as many threads as the engine was given.
final class Kernels implements AutoCloseable {

  private final PtNDManager manager;
  private final PtSymbolBlock module;

  private Kernels(PtNDManager manager, PtSymbolBlock module) {
    this.manager = manager;
    this.module = module;
  }

  /// Starts the engine, if need be, and loads the kernels.
  ///
  /// @param threads how many a call may use; holds for the whole process
  static Kernels load(int threads) {
    PtNDManager manager = (PtNDManager) NDManager.newBaseManager("PyTorch");
    JniUtils.setNumThreads(threads);
    // The optimising executor profiles the first calls and gains nothing here.
    JniUtils.setGraphExecutorOptimize(false);
    try {
      return new Kernels(
          manager,
          JniUtils.loadModule(
              manager, new ByteArrayInputStream(KernelArchive.bytes()), false, false));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A scope for the arguments and results of calls.
  Scope scope() {
    return new Scope(manager);
  }

  /// Runs a method. Arguments stay the caller's; so is the result.
  ///
  /// @throws OutOfMemory if memory for a tensor can't be had
  IValue call(String method, IValue... arguments) {
    try {
      return IValueUtils.runMethod(module, method, arguments);
    } catch (EngineException e) {
      if (String.valueOf(e.getMessage()).contains("allocate memory")) {
        throw new OutOfMemory("libtorch could not get memory: " + firstLine(e), e);
      }
      throw e;
    }
  }

  /// Seeds what is drawn by the next calls (dropout).
  void seed(long seed) {
    // The engine takes an int.
    Engine.getEngine("PyTorch").setRandomSeed((int) (seed ^ (seed >>> 32)));
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  @Override
  public void close() {
    module.close();
    manager.close();
  }
}
