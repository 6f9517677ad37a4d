package io.tuneplane.model;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Turns bytes that come in pieces into text: a piece of a character waits for the rest of it;
/// bytes that can be no character become U+FFFD. Not safe for many threads.
final class Utf8Stream {

  private static final int LONGEST_CHARACTER = 4;

  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private byte[] waiting = new byte[0];

  /// The text that these bytes complete.
  String next(byte[] bytes) {
    ByteBuffer in = ByteBuffer.allocate(waiting.length + bytes.length);
    in.put(waiting).put(bytes).flip();
    String text = decode(in, false);
    waiting = new byte[in.remaining()];
    in.get(waiting);
    return text;
  }

  /// What waited in vain.
  String end() {
    ByteBuffer in = ByteBuffer.wrap(waiting);
    waiting = new byte[0];
    return decode(in, true);
  }

  private String decode(ByteBuffer in, boolean last) {
    CharBuffer out = CharBuffer.allocate(in.remaining() + LONGEST_CHARACTER);
    decoder.reset().decode(in, out, last);
    if (last) {
      decoder.flush(out);
    }
    return out.flip().toString();
  }
}
