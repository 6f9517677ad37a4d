package io.tuneplane.policy;

import io.tuneplane.config.StrictYaml;
import io.tuneplane.config.YamlException;
import io.tuneplane.config.YamlNode;
import io.tuneplane.config.YamlNode.Mapping;
import io.tuneplane.config.YamlNode.Scalar;
import io.tuneplane.config.YamlNode.Sequence;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Reads a `policy.yaml`. Strict: what it doesn't know is an error with a line, because a policy
/// that is half understood is no policy.
final class PolicyReader {

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  private PolicyReader() {}

  static Policy read(String name, String text) {
    Mapping root = mapping(parse(name, text), "a policy");
    onlyKeys(root, Set.of("flags", "locations", "attestations", "rules"));
    SortedSet<String> own = new TreeSet<>();
    list(root, "flags").forEach(item -> own.add(name(item, "a flag")));
    SortedSet<String> known = new TreeSet<>(Flags.BUILT_IN);
    known.addAll(own);
    return new Policy(text, own, locations(root), attestations(root, known), rules(root));
  }

  private static YamlNode parse(String name, String text) {
    try {
      return StrictYaml.parse(name, text);
    } catch (YamlException e) {
      throw new PolicyException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Map<String, Location> locations(Mapping root) {
    Map<String, Location> locations = new LinkedHashMap<>();
    root.get("locations")
        .map(value -> mapping(value, "locations"))
        .ifPresent(found ->
            found
                .entries()
                .forEach((backend, value) ->
                    locations.put(backend, choice(Location.class, Location::wireName, value))));
    return locations;
  }

  private static List<Rule> rules(Mapping root) {
    List<Rule> rules = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (YamlNode item : list(root, "rules")) {
      Mapping rule = mapping(item, "a rule");
      onlyKeys(rule, Set.of("id", "deny", "message"));
      YamlNode id = required(rule, "id");
      if (!ids.add(name(id, "a rule's id"))) {
        throw new PolicyException(id.where(), "there are two rules " + text(id));
      }
      YamlNode deny = required(rule, "deny");
      rules.add(Rule.compile(text(id), text(deny), text(required(rule, "message")), deny.where()));
    }
    return rules;
  }

  private static List<Attestation> attestations(Mapping root, Set<String> known) {
    return list(root, "attestations").stream()
        .map(item -> attestation(mapping(item, "an attestation"), known))
        .toList();
  }

  private static Attestation attestation(Mapping item, Set<String> known) {
    onlyKeys(
        item,
        Set.of("who", "when", "until", "document", "flag", "destination", "endpoint", "region"));
    YamlNode flag = required(item, "flag");
    if (!known.contains(text(flag))) {
      throw new PolicyException(flag.where(), "unknown flag \"" + text(flag) + "\"");
    }
    LocalDate when = day(required(item, "when"));
    YamlNode until = required(item, "until");
    if (day(until).isBefore(when)) {
      throw new PolicyException(until.where(), "an attestation can't end before " + when);
    }
    return new Attestation(
        text(required(item, "who")),
        when,
        day(until),
        text(required(item, "document")),
        text(flag),
        text(required(item, "destination")),
        choice(Purpose.class, Purpose::wireName, required(item, "endpoint")),
        item.get("region").map(PolicyReader::text));
  }

  private static Mapping mapping(YamlNode value, String what) {
    return switch (value) {
      case Mapping mapping -> mapping;
      case Scalar(Optional<String> text, String where) when text.isEmpty() ->
          new Mapping(Map.of(), where);
      case Scalar _, Sequence _ ->
          throw new PolicyException(value.where(), what + " is keys and values");
    };
  }

  private static List<YamlNode> list(Mapping root, String key) {
    return switch (root.entries().get(key)) {
      case null -> List.of();
      case Sequence sequence -> sequence.items();
      case Scalar scalar when scalar.text().isEmpty() -> List.of();
      case YamlNode other -> throw new PolicyException(other.where(), key + " is a list");
    };
  }

  private static YamlNode required(Mapping mapping, String key) {
    YamlNode value = mapping.entries().get(key);
    if (value == null) {
      throw new PolicyException(mapping.where(), "\"" + key + "\" is missing");
    }
    return value;
  }

  private static void onlyKeys(Mapping mapping, Set<String> keys) {
    mapping
        .entries()
        .forEach((key, value) -> {
          if (!keys.contains(key)) {
            throw new PolicyException(
                value.where(), "unknown key \"" + key + "\"; known are " + new TreeSet<>(keys));
          }
        });
  }

  private static String text(YamlNode value) {
    return switch (value) {
      case Scalar(Optional<String> text, String _) when !text.orElse("").isBlank() ->
          text.orElseThrow().strip();
      case Scalar _, Sequence _, Mapping _ ->
          throw new PolicyException(value.where(), "a text is expected here");
    };
  }

  private static String name(YamlNode value, String what) {
    String text = text(value);
    if (!NAME.matcher(text).matches()) {
      throw new PolicyException(
          value.where(), what + " is [a-z0-9-], 1 to 63 characters, not \"" + text + "\"");
    }
    return text;
  }

  private static LocalDate day(YamlNode value) {
    try {
      return LocalDate.parse(text(value));
    } catch (DateTimeException e) {
      throw new PolicyException(
          value.where(), "a day as 2027-01-31 is expected, not \"" + text(value) + "\"", e);
    }
  }

  private static <E extends Enum<E>> E choice(
      Class<E> type, Function<E, String> wireName, YamlNode value) {
    String text = text(value);
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> wireName.apply(constant).equals(text))
        .findFirst()
        .orElseThrow(() ->
            new PolicyException(
                value.where(),
                "one of "
                    + Arrays.stream(type.getEnumConstants()).map(wireName).toList()
                    + " is expected, not \""
                    + text
                    + "\""));
  }
}
