package io.tuneplane.policy;

import io.tuneplane.policy.Yaml.Mapping;
import io.tuneplane.policy.Yaml.Scalar;
import io.tuneplane.policy.Yaml.Sequence;
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

  static Policy read(String text) {
    Mapping root = mapping(Yaml.read(text), "a policy");
    onlyKeys(root, Set.of("flags", "locations", "attestations", "rules"));
    SortedSet<String> own = new TreeSet<>();
    list(root, "flags").forEach(item -> own.add(name(item, "a flag")));
    SortedSet<String> known = new TreeSet<>(Flags.BUILT_IN);
    known.addAll(own);
    return new Policy(text, own, locations(root), attestations(root, known), rules(root));
  }

  private static Map<String, Location> locations(Mapping root) {
    Map<String, Location> locations = new LinkedHashMap<>();
    Optional.ofNullable(root.entries().get("locations"))
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
    for (Yaml item : list(root, "rules")) {
      Mapping rule = mapping(item, "a rule");
      onlyKeys(rule, Set.of("id", "deny", "message"));
      Yaml id = required(rule, "id");
      if (!ids.add(name(id, "a rule's id"))) {
        throw new PolicyException(id.line(), "there are two rules " + text(id));
      }
      Yaml deny = required(rule, "deny");
      rules.add(Rule.compile(text(id), text(deny), text(required(rule, "message")), deny.line()));
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
    Yaml flag = required(item, "flag");
    if (!known.contains(text(flag))) {
      throw new PolicyException(flag.line(), "unknown flag \"" + text(flag) + "\"");
    }
    try {
      return new Attestation(
          text(required(item, "who")),
          day(required(item, "when")),
          day(required(item, "until")),
          text(required(item, "document")),
          text(flag),
          text(required(item, "destination")),
          choice(Purpose.class, Purpose::wireName, required(item, "endpoint")),
          Optional.ofNullable(item.entries().get("region")).map(PolicyReader::text));
    } catch (PolicyException e) {
      throw e.at(item.line());
    }
  }

  private static Mapping mapping(Yaml value, String what) {
    return switch (value) {
      case Mapping mapping -> mapping;
      case Scalar(String text, int _) when text.isBlank() -> new Mapping(Map.of(), value.line());
      case Scalar _, Sequence _ ->
          throw new PolicyException(value.line(), what + " is keys and values");
    };
  }

  private static List<Yaml> list(Mapping root, String key) {
    return switch (root.entries().get(key)) {
      case null -> List.of();
      case Sequence sequence -> sequence.items();
      case Scalar scalar when scalar.text().isBlank() -> List.of();
      case Yaml other -> throw new PolicyException(other.line(), key + " is a list");
    };
  }

  private static Yaml required(Mapping mapping, String key) {
    Yaml value = mapping.entries().get(key);
    if (value == null) {
      throw new PolicyException(mapping.line(), "\"" + key + "\" is missing");
    }
    return value;
  }

  private static void onlyKeys(Mapping mapping, Set<String> keys) {
    mapping
        .entries()
        .forEach((key, value) -> {
          if (!keys.contains(key)) {
            throw new PolicyException(
                value.line(), "unknown key \"" + key + "\"; known are " + new TreeSet<>(keys));
          }
        });
  }

  private static String text(Yaml value) {
    return switch (value) {
      case Scalar(String text, int _) when !text.isBlank() -> text.strip();
      case Scalar _, Sequence _, Mapping _ ->
          throw new PolicyException(value.line(), "a text is expected here");
    };
  }

  private static String name(Yaml value, String what) {
    String text = text(value);
    if (!NAME.matcher(text).matches()) {
      throw new PolicyException(
          value.line(), what + " is [a-z0-9-], 1 to 63 characters, not \"" + text + "\"");
    }
    return text;
  }

  private static LocalDate day(Yaml value) {
    try {
      return LocalDate.parse(text(value));
    } catch (DateTimeException e) {
      throw new PolicyException(
          value.line(), "a day as 2027-01-31 is expected, not \"" + text(value) + "\"", e);
    }
  }

  private static <E extends Enum<E>> E choice(
      Class<E> type, Function<E, String> wireName, Yaml value) {
    String text = text(value);
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> wireName.apply(constant).equals(text))
        .findFirst()
        .orElseThrow(() ->
            new PolicyException(
                value.line(),
                "one of "
                    + Arrays.stream(type.getEnumConstants()).map(wireName).toList()
                    + " is expected, not \""
                    + text
                    + "\""));
  }
}
