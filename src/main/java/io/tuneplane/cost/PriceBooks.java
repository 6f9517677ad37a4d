package io.tuneplane.cost;

import io.tuneplane.config.StrictYaml;
import io.tuneplane.config.YamlException;
import io.tuneplane.config.YamlNode;
import io.tuneplane.config.YamlNode.Mapping;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Makes a [PriceBook] from YAML texts. What the texts may hold is told in `docs/costs.md`.
public final class PriceBooks {

  private PriceBooks() {}

  /// A file's name, for errors, and what it holds.
  public record Text(String name, String yaml) {}

  /// Reads a book.
  ///
  /// @param base a whole book
  /// @param overrides laid over it one after the other: mappings are merged by key, anything else
  ///   (a price with its source, a list) replaces what was there
  /// @throws PriceBookException with file and line: for what is not YAML, an unknown key, a missing
  ///   value, a number out of range, a price without a source
  public static PriceBook parse(Text base, List<Text> overrides) {
    Map<String, Fields.Stamp> stamps = new LinkedHashMap<>();
    Mapping merged = mapping(base, stamps);
    for (Text text : overrides) {
      merged = merge(merged, mapping(text, stamps));
    }
    return new BookReader(new Fields(merged, "", stamps)).read();
  }

  private static Mapping mapping(Text text, Map<String, Fields.Stamp> stamps) {
    YamlNode node = yaml(text);
    if (!(node instanceof Mapping mapping)) {
      throw new PriceBookException(node.where(), "expected keys and values");
    }
    stamps.put(text.name(), Fields.Stamp.of(mapping));
    return mapping;
  }

  private static YamlNode yaml(Text text) {
    try {
      return StrictYaml.parse(text.name(), text.yaml());
    } catch (YamlException e) {
      throw new PriceBookException(e);
    }
  }

  private static Mapping merge(Mapping base, Mapping over) {
    Map<String, YamlNode> entries = new LinkedHashMap<>(base.entries());
    over.entries()
        .forEach((key, value) ->
            entries.merge(
                key,
                value,
                (old, replacement) ->
                    old instanceof Mapping below
                            && replacement instanceof Mapping above
                            && !Fields.isFact(above)
                        ? merge(below, above)
                        : replacement));
    return new Mapping(entries, over.where());
  }
}
