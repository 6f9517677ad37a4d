package io.tuneplane.model;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// The tokenizer of a `tokenizer.json`.
final class BpeTokenizer implements Tokenizer {

  private final TokenizerJson definition;
  private final String source;
  private final NativeTokenizer encoder;
  private final @Nullable String[] tokens;
  private final BitSet special = new BitSet();
  private final List<String> specialTexts;
  private @Nullable NativeTokenizer ordinary;

  /// @param source names the file in errors
  BpeTokenizer(TokenizerJson definition, String source) {
    this.definition = definition;
    this.source = source;
    this.tokens =
        new String[1 + definition.ids().values().stream().max(Integer::compare).orElse(0)];
    definition.ids().forEach((token, id) -> tokens[id] = token);
    definition.added().stream()
        .filter(TokenizerJson.Added::special)
        .forEach(a -> special.set(a.id()));
    this.specialTexts =
        definition.added().stream()
            .filter(TokenizerJson.Added::special)
            .map(TokenizerJson.Added::content)
            .toList();
    this.encoder = NativeTokenizer.of(definition.json(), source);
  }

  @Override
  public int[] encode(String text) {
    return encoder.encode(text);
  }

  /// A second tokenizer, blind to special tokens, is only built for texts that contain one.
  @Override
  public int[] encodeOrdinary(String text) {
    if (!definition.normalizesSpecialTokens() && specialTexts.stream().noneMatch(text::contains)) {
      return encoder.encode(text);
    }
    int[] ids = ordinary().encode(text);
    if (Arrays.stream(ids).anyMatch(special::get)) {
      throw new ModelException(
          source + ": plain text turns into special tokens; the tokenizer can't be used safely");
    }
    return ids;
  }

  private synchronized NativeTokenizer ordinary() {
    if (ordinary == null) {
      byte[] nonce = new byte[16];
      new SecureRandom().nextBytes(nonce);
      ordinary =
          NativeTokenizer.of(
              definition.withoutSpecialTokens(HexFormat.of().formatHex(nonce)), source);
    }
    return ordinary;
  }

  @Override
  public String decode(int[] ids) {
    StreamDecoder decoder = streamDecoder();
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      text.append(decoder.next(id));
    }
    return text.append(decoder.end()).toString();
  }

  @Override
  public StreamDecoder streamDecoder() {
    return new Decoding();
  }

  @Override
  public OptionalInt id(String token) {
    Integer id = definition.ids().get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  @Override
  public int vocabSize() {
    return tokens.length;
  }

  @Override
  public synchronized void close() {
    encoder.close();
    if (ordinary != null) {
      ordinary.close();
    }
  }

  private final class Decoding implements StreamDecoder {

    private final Utf8Stream utf8 = new Utf8Stream();
    private boolean first = definition.bytes().dropsFirstSpace();

    @Override
    public String next(int id) {
      String token = id >= 0 && id < tokens.length ? tokens[id] : null;
      if (token == null || special.get(id)) {
        return "";
      }
      String text = utf8.next(definition.bytes().of(token));
      if (first && !text.isEmpty()) {
        first = false;
        return text.startsWith(" ") ? text.substring(1) : text;
      }
      return text;
    }

    @Override
    public String end() {
      return utf8.end();
    }
  }
}
