package io.tuneplane.decision;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.tuneplane.backend.Availability;
import io.tuneplane.cost.ServingHours;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/// The one form in which inputs and answers are written: names and set members sorted, no white
/// space, so that the same value always has the same bytes.
public final class DecisionJson {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          // Only the parts of a record, not what it can tell of itself.
          .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .addModule(sortedSets())
          .addMixIn(Availability.class, AvailabilityForm.class)
          .addMixIn(ServingHours.class, ServingHoursForm.class)
          .build();

  private DecisionJson() {}

  /// The answer as a tree, for people and scripts.
  public static JsonNode tree(Decision decision) {
    return MAPPER.valueToTree(decision);
  }

  static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("inputs and answers can always be written", e);
    }
  }

  static <T> T read(String json, Class<T> type) {
    try {
      T value = MAPPER.readValue(json, type);
      if (value == null) {
        throw new DecisionException("not a stored decision: null");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new DecisionException("not a stored decision: " + e.getOriginalMessage(), e);
    }
  }

  static String digest(DecisionInputs inputs) {
    try {
      byte[] bytes = write(inputs).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "state")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Availability.Ready.class, name = "ready"),
    @JsonSubTypes.Type(value = Availability.NeedsSetup.class, name = "needs_setup"),
    @JsonSubTypes.Type(value = Availability.Unverified.class, name = "unverified"),
    @JsonSubTypes.Type(value = Availability.Closed.class, name = "closed")
  })
  private interface AvailabilityForm {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "plan")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = ServingHours.AlwaysOn.class, name = "always_on"),
    @JsonSubTypes.Type(value = ServingHours.Scheduled.class, name = "scheduled"),
    @JsonSubTypes.Type(value = ServingHours.ScaledToZero.class, name = "scaled_to_zero")
  })
  private interface ServingHoursForm {}

  private static SimpleModule sortedSets() {
    SimpleModule module = new SimpleModule();
    module.addSerializer(Set.class, new SortedSetWriter());
    return module;
  }

  /// A set's own order may differ from one process to the next.
  @SuppressWarnings("rawtypes")
  private static final class SortedSetWriter extends JsonSerializer<Set> {
    @Override
    public void serialize(Set set, JsonGenerator json, SerializerProvider serializers)
        throws IOException {
      List<?> sorted =
          ((Set<?>) set).stream().sorted(Comparator.comparing(Object::toString)).toList();
      json.writeStartArray();
      for (Object item : sorted) {
        json.writePOJO(item);
      }
      json.writeEndArray();
    }
  }
}
