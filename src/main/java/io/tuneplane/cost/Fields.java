package io.tuneplane.cost;

import io.tuneplane.config.YamlNode;
import io.tuneplane.config.YamlNode.Mapping;
import io.tuneplane.config.YamlNode.Scalar;
import io.tuneplane.config.YamlNode.Sequence;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// One mapping of a price book's text, read field by field. Remembers which keys were asked for, so
/// that [#done] can name the ones that nobody knows.
final class Fields {

  private static final Pattern NUMBER =
      Pattern.compile("[0-9]{1,18}(\\.[0-9]{1,12})?([eE]\\+?[0-9]{1,2})?");
  private static final Set<String> FACT_KEYS = Set.of("value", "date", "answer");
  private static final BigDecimal LARGEST = new BigDecimal("1e18");
  private static final String UNKNOWN = "unknown";

  private final Mapping mapping;
  private final String path;
  private final Map<String, Stamp> stamps;
  private final Set<String> asked = new TreeSet<>();

  /// @param path where the mapping stands in the book
  /// @param stamps the files' own sources and dates, by file
  Fields(Mapping mapping, String path, Map<String, Stamp> stamps) {
    this.mapping = mapping;
    this.path = path;
    this.stamps = stamps;
  }

  /// What a file says of all its lines that don't say it themselves.
  record Stamp(Optional<String> source, Optional<String> readOn) {

    static Stamp of(Mapping file) {
      return new Stamp(text(file, "source"), text(file, "read_on"));
    }

    private static Optional<String> text(Mapping file, String key) {
      return file.get(key).flatMap(node -> node instanceof Scalar s ? s.text() : Optional.empty());
    }
  }

  /// Whether a mapping is one fact with its source, which is only ever replaced as a whole.
  static boolean isFact(Mapping mapping) {
    return !Collections.disjoint(mapping.entries().keySet(), FACT_KEYS);
  }

  boolean has(String key) {
    return mapping.entries().containsKey(key);
  }

  Optional<String> maybeText(String key) {
    return node(key).map(node -> scalar(node, key));
  }

  String text(String key) {
    return maybeText(key).orElseThrow(() -> missing(key));
  }

  boolean truth(String key) {
    return maybeText(key)
        .map(text -> {
          if (!text.equals("true") && !text.equals("false")) {
            throw wrong(key, "expected true or false, not '" + text + "'");
          }
          return text.equals("true");
        })
        .orElse(false);
  }

  List<String> texts(String key) {
    return node(key)
        .map(node -> {
          if (!(node instanceof Sequence list)) {
            throw new PriceBookException(node.where(), at(key) + ": expected a list");
          }
          return list.items().stream().map(item -> scalar(item, key)).toList();
        })
        .orElse(List.of());
  }

  /// The mapping under a key; an empty one where there is none.
  Fields child(String key) {
    YamlNode node = node(key).orElse(new Mapping(Map.of(), mapping.where()));
    if (!(node instanceof Mapping child)) {
      throw new PriceBookException(node.where(), at(key) + ": expected keys and values");
    }
    return new Fields(child, at(key), stamps);
  }

  /// All keys, in order, where names are free.
  Set<String> names() {
    asked.addAll(mapping.entries().keySet());
    return mapping.entries().keySet();
  }

  /// Whether the key holds this very word.
  boolean isText(String key, String word) {
    return node(key)
        .filter(node -> node instanceof Scalar s && s.text().equals(Optional.of(word)))
        .isPresent();
  }

  /// The mappings under freely chosen names, in order.
  Map<String, Fields> children() {
    Map<String, Fields> children = new LinkedHashMap<>();
    mapping.entries().keySet().forEach(name -> children.put(name, child(name)));
    return children;
  }

  BigDecimal number(String key) {
    return parse(key, text(key));
  }

  /// A whole number, at most 10^18.
  long whole(String key) {
    BigDecimal number = number(key);
    if (number.stripTrailingZeros().scale() > 0) {
      throw wrong(key, "expected a whole number, not " + number);
    }
    return number.longValueExact();
  }

  /// What the maker makes; a value that it refuses is reported at the key.
  <T> T valid(String key, Supplier<T> maker) {
    try {
      return maker.get();
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw wrong(key, String.valueOf(e.getMessage()));
    }
  }

  Optional<PriceLine> maybeLine(String key) {
    return node(key).map(node -> line(key, node));
  }

  PriceLine line(String key) {
    return maybeLine(key).orElseThrow(() -> missing(key));
  }

  Optional<EndDate> maybeEnd(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    Fields fact = child(key);
    EndDate end =
        new EndDate(
            fact.date("date", fact.text("date")),
            fact.oneOf("kind", EndDate.Kind.class),
            fact.source());
    fact.done();
    return Optional.of(end);
  }

  <E extends Enum<E>> E oneOf(String key, Class<E> type) {
    String text = text(key);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(text)) {
        return constant;
      }
    }
    throw wrong(key, "'" + text + "' is not one of " + List.of(type.getEnumConstants()));
  }

  /// This fact's own source, else its file's.
  Source source() {
    Stamp stamp = stampOf(mapping);
    String text = maybeText("source").or(stamp::source).orElseThrow(() -> missing("source"));
    String readOn = maybeText("read_on").or(stamp::readOn).orElseThrow(() -> missing("read_on"));
    return new Source(text, date("read_on", readOn), maybeText("note"));
  }

  /// Refuses keys that nobody asked for.
  void done() {
    for (Map.Entry<String, YamlNode> entry : mapping.entries().entrySet()) {
      if (!asked.contains(entry.getKey())) {
        throw new PriceBookException(
            entry.getValue().where(),
            "unknown key '" + at(entry.getKey()) + "'; known here: " + String.join(", ", asked));
      }
    }
  }

  PriceBookException wrong(String key, String problem) {
    String where = mapping.get(key).map(YamlNode::where).orElse(mapping.where());
    return new PriceBookException(where, at(key) + ": " + problem);
  }

  private PriceLine line(String key, YamlNode node) {
    if (node instanceof Scalar scalar) {
      Fields bare =
          new Fields(new Mapping(Map.of("value", scalar), scalar.where()), at(key), stamps);
      return bare.fact();
    }
    return child(key).fact();
  }

  private PriceLine fact() {
    Optional<BigDecimal> value =
        Optional.of(text("value")).filter(t -> !t.equals(UNKNOWN)).map(t -> parse("value", t));
    Optional<Range> spread =
        has("low") || has("high") ? Optional.of(spread(value)) : Optional.empty();
    PriceLine line = new PriceLine(path, value, spread, source());
    done();
    return line;
  }

  private Range spread(Optional<BigDecimal> value) {
    BigDecimal likely =
        value.orElseThrow(() -> wrong("value", "unknown, so it can't have low and high"));
    return valid("value", () -> new Range(number("low"), likely, number("high")));
  }

  private Optional<YamlNode> node(String key) {
    asked.add(key);
    return mapping.get(key);
  }

  private String scalar(YamlNode node, String key) {
    if (node instanceof Scalar scalar && scalar.text().isPresent()) {
      return scalar.text().get();
    }
    throw new PriceBookException(node.where(), at(key) + ": expected a text or a number");
  }

  private BigDecimal parse(String key, String text) {
    if (NUMBER.matcher(text).matches()) {
      BigDecimal number = new BigDecimal(text);
      if (number.compareTo(LARGEST) <= 0) {
        return number;
      }
    }
    throw wrong(key, "expected a number from 0 to 10^18, or unknown, not '" + text + "'");
  }

  private LocalDate date(String key, String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw wrong(key, "expected a day as 2026-11-23, not '" + text + "'");
    }
  }

  private Stamp stampOf(Mapping node) {
    String file = node.where().substring(0, node.where().lastIndexOf(':'));
    return stamps.getOrDefault(file, new Stamp(Optional.empty(), Optional.empty()));
  }

  private PriceBookException missing(String key) {
    return new PriceBookException(mapping.where(), at(key) + " is missing");
  }

  private String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
