package io.tuneplane.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// One line of the audit log, chained to the line before it: `hash = SHA-256(hash of the line
/// before || canonical JSON of number and event)`, and signed.
///
/// @param event what happened
/// @param head the line's number, hash and signature
public record AuditLine(AuditEvent event, AuditHead head) {

  /// The hash before the first line.
  private static final String GENESIS = "0".repeat(64);

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /// The line after `previous`.
  ///
  /// @param previous the newest line's head, or empty for the first line
  /// @param key signs it
  public static AuditLine after(Optional<AuditHead> previous, AuditEvent event, PrivateKey key) {
    long seq = previous.map(AuditHead::seq).orElse(0L) + 1;
    String hash = hash(previous.map(AuditHead::hash).orElse(GENESIS), seq, event);
    return new AuditLine(event, new AuditHead(seq, hash, AuditSigner.sign(seq, hash, key)));
  }

  /// The line as it is stored, without its line break. The same line always has the same text.
  public String text() {
    ObjectNode node = canonical(head.seq(), event);
    node.put("hash", head.hash());
    node.put("sig", head.signature());
    return node.toString();
  }

  /// Reads a stored line; empty if it isn't, byte for byte, what [#text] writes.
  public static Optional<AuditLine> parse(String text) {
    try {
      return read(MAPPER.readTree(text)).filter(line -> line.text().equals(text));
    } catch (JsonProcessingException | DateTimeException e) {
      return Optional.empty();
    }
  }

  /// Whether the line stands right after `previous` and says what it said when it was hashed.
  public boolean follows(Optional<AuditHead> previous) {
    return head.seq() == previous.map(AuditHead::seq).orElse(0L) + 1
        && head.hash()
            .equals(hash(previous.map(AuditHead::hash).orElse(GENESIS), head.seq(), event));
  }

  /// Whether the log's key signed its number and hash.
  public boolean isSigned(PublicKey key) {
    return AuditSigner.isValid(head, key);
  }

  private static Optional<AuditLine> read(JsonNode node) {
    Optional<AuditEvent.Kind> kind =
        Arrays.stream(AuditEvent.Kind.values())
            .filter(k -> k.wireName().equals(node.path("kind").asText()))
            .findFirst();
    SortedMap<String, String> fields = new TreeMap<>();
    node.path("fields").properties().forEach(e -> fields.put(e.getKey(), e.getValue().asText()));
    AuditHead head =
        new AuditHead(
            node.path("seq").asLong(), node.path("hash").asText(), node.path("sig").asText());
    return kind.map(k ->
        new AuditLine(new AuditEvent(Instant.parse(node.path("at").asText()), k, fields), head));
  }

  private static ObjectNode canonical(long seq, AuditEvent event) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("at", event.at().toString());
    ObjectNode fields = node.putObject("fields");
    event.fields().forEach(fields::put);
    node.put("kind", event.kind().wireName());
    node.put("seq", seq);
    return node;
  }

  private static String hash(String previous, long seq, AuditEvent event) {
    MessageDigest sha = sha256();
    sha.update(HexFormat.of().parseHex(previous));
    sha.update(canonical(seq, event).toString().getBytes(UTF_8));
    return HexFormat.of().formatHex(sha.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
