package io.tuneplane.backend.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;

/// What creating a job answered last. No read call reveals whether an account may create one, so
/// this is kept on disk: a restart must not forget that the door is closed. It is of one host and
/// key: with another key, nothing is known. Safe for many threads.
final class LastCreate {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int FINGERPRINT = 16;

  private final Account account;
  private final Path file;
  private final InstantSource clock;

  LastCreate(Account account, InstantSource clock) {
    this.account = account;
    this.file = account.settings().directory().resolve("last-create.json");
    this.clock = clock;
  }

  /// What was answered.
  ///
  /// @param at when
  /// @param refusal the host's words, where it said that it takes no job; empty where it took one
  record Answer(Instant at, Optional<String> refusal) {}

  /// The last answer to the key as it is now.
  Optional<Answer> answer() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonNode node = JSON.readTree(Files.readString(file));
      if (!node.path("account").asText().equals(fingerprint())) {
        return Optional.empty();
      }
      return Optional.of(
          new Answer(
              Instant.parse(node.path("at").asText()),
              Optional.ofNullable(node.path("refusal").textValue())));
    } catch (IOException e) {
      throw new UncheckedIOException(file + " can't be read; delete it, it will be made anew", e);
    }
  }

  void taken() {
    write(Optional.empty());
  }

  void refused(String words) {
    write(Optional.of(words));
  }

  private synchronized void write(Optional<String> refusal) {
    ObjectNode node =
        JSON.createObjectNode()
            .put("account", fingerprint())
            .put("at", clock.instant().toString())
            .put("refusal", refusal.orElse(null));
    try {
      Files.createDirectories(file.getParent());
      Path aside = Files.createTempFile(file.getParent(), "last-create", ".tmp");
      Files.writeString(aside, node + "\n");
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " can't be written", e);
    }
  }

  /// Tells accounts apart without holding the key: a few bytes of a digest of 256 random bits.
  private String fingerprint() {
    String who = account.settings().baseUrl() + " " + account.key().orElse("");
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(who.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, FINGERPRINT);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
