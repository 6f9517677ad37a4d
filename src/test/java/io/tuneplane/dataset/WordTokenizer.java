package io.tuneplane.dataset;

import io.tuneplane.model.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A tokenizer for tests: words, runs of white space and single signs, and `<|...|>` as special
/// tokens. Runs of white space are one token, so an answer that begins with a newline merges with
/// the newline before it.
final class WordTokenizer implements Tokenizer {

  private static final Pattern SPECIAL = Pattern.compile("<\\|[a-z_]+\\|>");
  private static final Pattern PIECE = Pattern.compile("\\s+|\\w+|[^\\s\\w]");

  private final Map<String, Integer> ids = new LinkedHashMap<>();
  private final List<String> tokens = new ArrayList<>();

  @Override
  public synchronized int[] encode(String text) {
    List<Integer> out = new ArrayList<>();
    Matcher special = SPECIAL.matcher(text);
    int at = 0;
    while (special.find()) {
      ordinary(text.substring(at, special.start()), out);
      out.add(intern("S" + special.group()));
      at = special.end();
    }
    ordinary(text.substring(at), out);
    return array(out);
  }

  @Override
  public synchronized int[] encodeOrdinary(String text) {
    List<Integer> out = new ArrayList<>();
    ordinary(text, out);
    return array(out);
  }

  private void ordinary(String text, List<Integer> out) {
    Matcher piece = PIECE.matcher(text);
    while (piece.find()) {
      out.add(intern("O" + piece.group()));
    }
  }

  private int intern(String token) {
    return ids.computeIfAbsent(
        token,
        t -> {
          tokens.add(t);
          return tokens.size() - 1;
        });
  }

  private static int[] array(List<Integer> ids) {
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  /// What the marked ids stand for, special tokens included.
  synchronized String text(Encoded encoded, boolean target) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < encoded.tokens().length; i++) {
      if (encoded.target()[i] == target) {
        out.append(tokens.get(encoded.tokens()[i]).substring(1));
      }
    }
    return out.toString();
  }

  @Override
  public synchronized String decode(int[] ids) {
    StringBuilder out = new StringBuilder();
    for (int id : ids) {
      String token = tokens.get(id);
      out.append(token.startsWith("O") ? token.substring(1) : "");
    }
    return out.toString();
  }

  @Override
  public StreamDecoder streamDecoder() {
    return new StreamDecoder() {
      @Override
      public String next(int id) {
        return decode(new int[] {id});
      }

      @Override
      public String end() {
        return "";
      }
    };
  }

  @Override
  public synchronized OptionalInt id(String token) {
    Integer id = ids.get("S" + token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  @Override
  public synchronized int vocabSize() {
    return tokens.size();
  }

  @Override
  public void close() {}
}
