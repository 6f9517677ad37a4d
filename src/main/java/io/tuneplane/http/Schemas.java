package io.tuneplane.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.api.Json;
import io.tuneplane.api.Page;
import java.io.InputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// JSON Schemas of records, as [Json] writes them: snake_case, an absent value as `null`.
final class Schemas {

  private final Map<String, ObjectNode> named = new TreeMap<>();

  /// Every record that was met, by name.
  ObjectNode all() {
    ObjectNode all = Json.mapper().createObjectNode();
    named.forEach(all::set);
    return all;
  }

  ObjectNode of(Type type) {
    ObjectNode schema = Json.mapper().createObjectNode();
    switch (type) {
      case ParameterizedType generic -> generic(schema, generic);
      case Class<?> plain -> plain(schema, plain);
      default -> schema.put("description", "any value");
    }
    return schema;
  }

  private void generic(ObjectNode schema, ParameterizedType type) {
    Class<?> raw = (Class<?>) type.getRawType();
    Type[] arguments = type.getActualTypeArguments();
    if (raw == Optional.class) {
      ArrayNode either = schema.putArray("anyOf");
      either.add(of(arguments[0]));
      either.addObject().put("type", "null");
    } else if (raw == Page.class) {
      page(schema, arguments[0]);
    } else if (Map.class.isAssignableFrom(raw)) {
      schema.put("type", "object").set("additionalProperties", of(arguments[1]));
    } else if (Collection.class.isAssignableFrom(raw)) {
      schema.put("type", "array").set("items", of(arguments[0]));
    } else {
      plain(schema, raw);
    }
  }

  private void page(ObjectNode schema, Type element) {
    schema.put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    properties.putObject("object").put("const", "list");
    properties.putObject("data").put("type", "array").set("items", of(element));
    properties.putObject("has_more").put("type", "boolean");
    schema.putArray("required").add("object").add("data").add("has_more");
  }

  private void plain(ObjectNode schema, Class<?> type) {
    if (type.isRecord()) {
      named(type);
      schema.put("$ref", "#/components/schemas/" + name(type));
    } else if (type.isEnum()) {
      ArrayNode constants = schema.put("type", "string").putArray("enum");
      Arrays.stream(type.getEnumConstants()).forEach(c -> constants.add(((Enum<?>) c).name()));
    } else {
      value(schema, type);
    }
  }

  private static void value(ObjectNode schema, Class<?> type) {
    if (type == boolean.class || type == Boolean.class) {
      schema.put("type", "boolean");
    } else if (type == int.class
        || type == long.class
        || type == Integer.class
        || type == Long.class) {
      schema.put("type", "integer");
    } else if (type == double.class || type == Double.class || type == BigDecimal.class) {
      schema.put("type", "number");
    } else if (type == Instant.class) {
      schema.put("type", "string").put("format", "date-time");
    } else if (type == LocalDate.class) {
      schema.put("type", "string").put("format", "date");
    } else if (type == InputStream.class) {
      schema.put("type", "string").put("format", "binary");
    } else if (type == String.class) {
      schema.put("type", "string");
    } else if (JsonNode.class.isAssignableFrom(type)) {
      schema.put("type", "object");
    } else {
      schema.put("description", type.getSimpleName());
    }
  }

  private void named(Class<?> type) {
    if (named.containsKey(name(type))) {
      return;
    }
    ObjectNode schema = Json.mapper().createObjectNode().put("type", "object");
    named.put(name(type), schema);
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = schema.putArray("required");
    for (RecordComponent component : type.getRecordComponents()) {
      String name =
          PropertyNamingStrategies.SnakeCaseStrategy.INSTANCE.translate(component.getName());
      properties.set(name, of(component.getGenericType()));
      required.add(name);
    }
  }

  /// A nested record's name has its outer one's before it: two may be called the same.
  private static String name(Class<?> type) {
    Class<?> outer = type.getDeclaringClass();
    return outer == null ? type.getSimpleName() : outer.getSimpleName() + type.getSimpleName();
  }
}
