package io.tuneplane.api;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.tuneplane.cost.ServingHours;

/// How records are written as JSON and YAML: snake_case names, an absent value as `null`, times in
/// ISO 8601. What was written reads back as the same record.
public final class Json {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .addMixIn(ServingHours.class, ServingHoursForm.class)
          .build();

  private static final ObjectMapper YAML =
      new ObjectMapper(
          new YAMLFactory()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS));

  private Json() {}

  // As in a kept decision.
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "plan")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = ServingHours.AlwaysOn.class, name = "always_on"),
    @JsonSubTypes.Type(value = ServingHours.Scheduled.class, name = "scheduled"),
    @JsonSubTypes.Type(value = ServingHours.ScaledToZero.class, name = "scaled_to_zero")
  })
  private interface ServingHoursForm {}

  /// The mapper itself, for reading and for trees. Never reconfigured.
  public static ObjectMapper mapper() {
    return JSON;
  }

  /// The value as a tree.
  public static JsonNode tree(Object value) {
    return JSON.valueToTree(value);
  }

  /// The value as indented JSON.
  public static String pretty(Object value) {
    return write(JSON.writerWithDefaultPrettyPrinter()::writeValueAsString, value);
  }

  /// The value as one line of JSON.
  public static String line(Object value) {
    return write(JSON::writeValueAsString, value);
  }

  /// The value as YAML.
  public static String yaml(Object value) {
    return write(YAML::writeValueAsString, tree(value));
  }

  private interface Writer {
    String write(Object value) throws JsonProcessingException;
  }

  private static String write(Writer writer, Object value) {
    try {
      return writer.write(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a value that JSON can hold: " + value.getClass(), e);
    }
  }
}
