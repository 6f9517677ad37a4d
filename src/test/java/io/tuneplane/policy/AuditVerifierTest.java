package io.tuneplane.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.policy.AuditReport.Finding;
import io.tuneplane.policy.AuditReport.Tampering;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AuditVerifierTest {

  private static final Instant START = Instant.parse("2026-11-24T12:00:00Z");
  private static final KeyPair KEYS = newKeys();

  private final List<String> lines = new ArrayList<>();
  private Optional<AuditHead> head = Optional.empty();

  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  @Test
  void aWholeLogIsWhole() {
    write(20);

    AuditReport report = verify();

    assertThat(report.isWhole()).isTrue();
    assertThat(report.lines()).isEqualTo(20);
    assertThat(report.head()).isEqualTo(head);
    assertThat(verifier(Optional.empty()).verify(List.<String>of()::stream, false).isWhole())
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void anyChangedCharacterIsFoundAtItsLine(long seed) {
    Random random = new Random(seed);
    write(2 + random.nextInt(10));
    int line = random.nextInt(lines.size());
    lines.set(line, changed(lines.get(line), random));

    assertThat(verify().finding()).as("seed %d", seed).map(Finding::line).contains(line + 1L);
    assertThat(verify().finding()).map(Finding::tampering).contains(Tampering.ALTERED);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aRemovedLineIsNamed(long seed) {
    Random random = new Random(seed);
    write(2 + random.nextInt(10));
    int line = random.nextInt(lines.size() - 1);
    lines.remove(line);

    assertThat(verify().finding())
        .as("seed %d", seed)
        .contains(
            new Finding(
                line + 1L,
                Tampering.REMOVED,
                "line %d is gone; line %d follows in its place".formatted(line + 1, line + 2)));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theFirstLineOutOfItsPlaceIsNamed(long seed) {
    Random random = new Random(seed);
    write(4 + random.nextInt(10));
    int first = random.nextInt(lines.size() - 1);
    int second = first + 1 + random.nextInt(lines.size() - first - 1);
    Collections.swap(lines, first, second);

    Finding finding = verify().finding().orElseThrow();

    assertThat(finding.tampering()).as("seed %d", seed).isEqualTo(Tampering.REORDERED);
    assertThat(finding.line()).as("seed %d", seed).isEqualTo(first + 1L);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aCutOffEndIsFoundByTheSignedHead(long seed) {
    Random random = new Random(seed);
    write(2 + random.nextInt(10));
    int left = random.nextInt(lines.size());
    lines.subList(left, lines.size()).clear();

    assertThat(verify().finding())
        .as("seed %d", seed)
        .map(Finding::tampering)
        .contains(Tampering.TRUNCATED);
    assertThat(verify().finding()).map(Finding::line).contains(left + 1L);
  }

  @Test
  void aForgerWithoutTheKeyIsFoundAtTheFirstLineThatHeTouched() {
    write(10);
    List<String> forged = new ArrayList<>(lines.subList(0, 4));
    Optional<AuditHead> last = AuditLine.parse(forged.getLast()).map(AuditLine::head);
    KeyPair wrong = newKeys();
    for (int i = 4; i < 10; i++) {
      AuditLine line = AuditLine.after(last, event(i, "innocent"), wrong.getPrivate());
      last = Optional.of(line.head());
      forged.add(line.text());
    }

    assertThat(verifier(head).verify(forged::stream, false).finding())
        .contains(
            new Finding(5, Tampering.ALTERED, "line 5 has a hash that the log's key did not sign"));
  }

  @Test
  void aForgerWithTheKeyIsFoundByAHeadThatWasKeptElsewhere() {
    write(5);
    Optional<AuditHead> kept = head;
    lines.clear();
    head = Optional.empty();
    for (int i = 0; i < 8; i++) {
      append(event(i, "innocent"));
    }

    assertThat(verify().isWhole()).as("nothing is wrong with the new log itself").isTrue();
    assertThat(verifier(kept).verify(lines::stream, false).finding())
        .contains(
            new Finding(
                5, Tampering.ALTERED, "line 5 is not the line that the signed head was made for"));
  }

  @Test
  void aClockThatWasSetBackIsTold() {
    append(event(0, "a"));
    append(event(100, "b"));
    append(event(50, "c"));
    append(event(60, "d"));

    assertThat(verify().clockSetBack()).containsExactly(3L);
    assertThat(verify().isWhole()).isTrue();
  }

  @Test
  void aHalfLineAtTheEndIsNoTampering() {
    write(3);
    lines.add("{\"at\":\"2026-11-2");

    AuditReport report = verifier(head).verify(lines::stream, true);

    assertThat(report.isWhole()).isTrue();
    assertThat(report.tornEnd()).isTrue();
    assertThat(report.lines()).isEqualTo(3);
  }

  @Test
  void halfOfALineThatWasOnceWholeIsTampering() {
    write(3);
    lines.set(2, lines.get(2).substring(0, 40));

    assertThat(verifier(head).verify(lines::stream, true).finding())
        .map(Finding::tampering)
        .contains(Tampering.TRUNCATED);
  }

  @Test
  void aLineMayHoldAnyText() {
    append(event(1, "\"quotes\"\n\u2028 \u0000 \ud83d\ude00 ünï"));

    assertThat(lines.getFirst()).doesNotContain("\n");
    assertThat(AuditLine.parse(lines.getFirst()).orElseThrow().event().fields())
        .containsEntry("what", "\"quotes\"\n\u2028 \u0000 \ud83d\ude00 ünï");
    assertThat(verify().isWhole()).isTrue();
  }

  private AuditReport verify() {
    return verifier(head).verify(lines::stream, false);
  }

  private static AuditVerifier verifier(Optional<AuditHead> head) {
    return new AuditVerifier(KEYS.getPublic(), head);
  }

  private void write(int count) {
    for (int i = 0; i < count; i++) {
      append(event(i, "event " + i));
    }
  }

  private void append(AuditEvent event) {
    AuditLine line = AuditLine.after(head, event, KEYS.getPrivate());
    lines.add(line.text());
    head = Optional.of(line.head());
  }

  private static AuditEvent event(int second, String what) {
    return AuditEvent.of(
        START.plusSeconds(second),
        AuditEvent.Kind.EGRESS,
        Map.of("what", what, "destination", "openai"));
  }

  /// The line with one character changed to another printable one.
  private static String changed(String line, Random random) {
    int at = random.nextInt(line.length());
    char other = (char) (' ' + random.nextInt(95));
    return line.charAt(at) == other
        ? changed(line, random)
        : line.substring(0, at) + other + line.substring(at + 1);
  }

  private static KeyPair newKeys() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
