package io.tuneplane.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleAbstractTypeResolver;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// How records are kept: their own component names. Fields of a newer version are ignored.
final class StoredJson {

  // Whatever could be written must be readable: the parser's guards are for strangers' text.
  private static final StreamReadConstraints OUR_OWN =
      StreamReadConstraints.builder()
          .maxNameLength(Integer.MAX_VALUE)
          .maxStringLength(Integer.MAX_VALUE)
          .maxNumberLength(Integer.MAX_VALUE)
          .build();

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(JsonFactory.builder().streamReadConstraints(OUR_OWN).build())
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .addModule(sequencedMaps())
          .addModule(paths())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private StoredJson() {}

  static byte[] write(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("can't be kept: " + value.getClass(), e);
    }
  }

  /// The same as text. Half a surrogate pair, which no UTF-8 can hold, becomes a question mark when
  /// the database encodes it.
  static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("can't be kept: " + value.getClass(), e);
    }
  }

  static <T> T read(byte[] json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (IOException e) {
      throw new UncheckedIOException("a stored " + type.getSimpleName() + " can't be read", e);
    }
  }

  static <T> T read(String json, Class<T> type) {
    return read(json.getBytes(StandardCharsets.UTF_8), type);
  }

  // Jackson writes a path as an absolute URI: one that is meant from a folder on would come back as
  // one of wherever this process was started.
  private static SimpleModule paths() {
    SimpleModule module = new SimpleModule("paths");
    module.addSerializer(Path.class, new ToStringSerializer(Path.class));
    module.addDeserializer(Path.class, new PathReader());
    return module;
  }

  private static final class PathReader extends StdDeserializer<Path> {

    private static final long serialVersionUID = 1L;

    PathReader() {
      super(Path.class);
    }

    @Override
    public Path deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      String text = parser.getValueAsString();
      return text.startsWith("file:") ? Path.of(URI.create(text)) : Path.of(text);
    }
  }

  // Jackson has no default for this interface, which came to Java after Jackson's defaults.
  private static SimpleModule sequencedMaps() {
    SimpleAbstractTypeResolver resolver = new SimpleAbstractTypeResolver();
    resolver.addMapping(SequencedMap.class, LinkedHashMap.class);
    SimpleModule module = new SimpleModule("sequenced-maps");
    module.setAbstractTypes(resolver);
    return module;
  }
}
