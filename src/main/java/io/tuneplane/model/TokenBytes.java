package io.tuneplane.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How a token becomes bytes of UTF-8: the `decoder` of a `tokenizer.json`, for the two families
/// that Llama-like models use.
enum TokenBytes {
  /// GPT-2's alphabet: SmolLM2, Llama 3, Qwen2.
  BYTE_LEVEL {
    @Override
    byte[] of(String token) {
      return ByteLevel.read(token);
    }

    @Override
    boolean dropsFirstSpace() {
      return false;
    }
  },

  /// SentencePiece's: `▁` for a space, `<0x0A>` for a byte: Llama 2, Mistral.
  SENTENCE_PIECE {
    @Override
    byte[] of(String token) {
      Matcher single = BYTE.matcher(token);
      return single.matches()
          ? new byte[] {(byte) Integer.parseInt(single.group(1), 16)}
          : token.replace('\u2581', ' ').getBytes(StandardCharsets.UTF_8);
    }

    @Override
    boolean dropsFirstSpace() {
      return true;
    }
  };

  private static final Pattern BYTE = Pattern.compile("<0x([0-9A-Fa-f]{2})>");

  /// The bytes of one token, which may be a part of a character.
  abstract byte[] of(String token);

  /// Whether a space at the start of a text was put there by the tokenizer.
  abstract boolean dropsFirstSpace();

  /// The family of a `decoder` object.
  ///
  /// @throws ModelException if it is of neither
  static TokenBytes of(JsonNode decoder, String source) {
    String type = decoder.path("type").asText();
    if (type.equals("ByteLevel")) {
      return BYTE_LEVEL;
    }
    if (type.equals("Sequence") && isSentencePiece(decoder.path("decoders"))) {
      return SENTENCE_PIECE;
    }
    throw new ModelException(
        "%s: a decoder of type '%s' is not supported (byte-level BPE, SentencePiece BPE)"
            .formatted(source, type));
  }

  private static boolean isSentencePiece(JsonNode steps) {
    boolean replaces = false;
    for (JsonNode step : steps) {
      switch (step.path("type").asText()) {
        case "Replace" -> replaces = step.path("pattern").path("String").asText().equals("\u2581");
        case "ByteFallback", "Fuse", "Strip" -> {}
        default -> {
          return false;
        }
      }
    }
    return replaces;
  }
}
