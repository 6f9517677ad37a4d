package io.tuneplane.model;

import java.util.OptionalInt;

/// Turns text to token ids and back. Safe for many threads.
public interface Tokenizer extends AutoCloseable {

  /// The ids of the text. Special tokens that are written out in the text (`<|im_start|>`) become
  /// their ids; none is added. Never truncates.
  int[] encode(String text);

  /// The ids of text in which special tokens are plain text: for content that users wrote.
  int[] encodeOrdinary(String text);

  /// The text of the ids, special tokens left out.
  String decode(int[] ids);

  /// A decoder for ids that come one by one, which holds back bytes until they are whole
  /// characters.
  StreamDecoder streamDecoder();

  /// The id of one token, if the vocabulary has it.
  OptionalInt id(String token);

  /// The number of ids, added tokens included.
  int vocabSize();

  @Override
  void close();

  /// Decodes ids as they come. Not safe for many threads.
  interface StreamDecoder {

    /// The text that this id completes; may be empty.
    String next(int id);

    /// What was held back, at the end.
    String end();
  }
}
