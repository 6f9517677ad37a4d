package io.tuneplane.model;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// Hugging Face's `tokenizers` (Rust), by the functions that DJL carries for it. Safe for many
/// threads.
///
/// DJL's own class around these functions is not used: it truncates to 512 tokens unless told not
/// to, fills arrays that nobody reads, and reports its use over the network.
final class NativeTokenizer implements AutoCloseable {

  private static final TokenizersLibrary LIBRARY = TokenizersLibrary.LIB;

  private final long handle;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  private NativeTokenizer(long handle) {
    this.handle = handle;
  }

  /// @throws ModelException if the library can't be loaded here, or refuses the file
  static NativeTokenizer of(ObjectNode tokenizerJson, String source) {
    load();
    return new NativeTokenizer(created(tokenizerJson.toString(), source));
  }

  /// Without this property DJL looks for a GPU and would download a library for it.
  private static void load() {
    if (System.getProperty("ai.djl.offline") == null) {
      System.setProperty("ai.djl.offline", "true");
    }
    try {
      LibUtils.checkStatus();
    } catch (EngineException | LinkageError e) {
      throw new ModelException(
          "the tokenizer library can't be loaded on this platform (DJL_CACHE_DIR must be"
              + " writable): "
              + e.getMessage(),
          e);
    }
  }

  // The native code throws RuntimeException itself.
  private static long created(String json, String source) {
    try {
      return LIBRARY.createTokenizerFromString(json);
    } catch (RuntimeException e) {
      throw new ModelException(
          "%s: the tokenizer library refuses it: %s".formatted(source, e.getMessage()), e);
    }
  }

  /// The ids of the text; nothing is added, nothing cut off.
  int[] encode(String text) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the tokenizer is closed");
      }
      return narrowed(ids(wellFormed(text)));
    } finally {
      lock.readLock().unlock();
    }
  }

  // As above: the native code's own exception.
  private long[] ids(String text) {
    try {
      long encoding = LIBRARY.encode(handle, text, false);
      try {
        return LIBRARY.getTokenIds(encoding);
      } finally {
        LIBRARY.deleteEncoding(encoding);
      }
    } catch (RuntimeException e) {
      throw new ModelException("the text can't be tokenised: " + e.getMessage(), e);
    }
  }

  private static int[] narrowed(long[] ids) {
    int[] narrow = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      narrow[i] = Math.toIntExact(ids[i]);
    }
    return narrow;
  }

  /// Half a surrogate pair has no UTF-8; it becomes U+FFFD, as everywhere else.
  private static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return text.codePoints()
            .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
      }
    }
    return text;
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        LIBRARY.deleteTokenizer(handle);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
