package io.tuneplane.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tuneplane.policy.AuditEvent;
import io.tuneplane.policy.AuditHead;
import io.tuneplane.policy.AuditLine;
import io.tuneplane.policy.AuditReport;
import io.tuneplane.policy.AuditReport.Finding;
import io.tuneplane.policy.AuditReport.Tampering;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditLogTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);

  @TempDir Path directory;

  @Test
  void whatIsAppendedIsThereAfterReopening() {
    write("one", "two");
    write("three");

    assertThat(files().newest(10))
        .extracting(line -> line.event().fields().get("what"))
        .containsExactly("one", "two", "three");
    assertThat(verify().lines()).isEqualTo(3);
    assertThat(verify().isWhole()).isTrue();
    try (AuditLog log = AuditLog.open(directory, CLOCK)) {
      assertThat(log.newest()).contains(NOW);
    }
  }

  @Test
  void anEmptyDirectoryHasAWholeEmptyLog() {
    assertThat(verify())
        .isEqualTo(new AuditReport(0, Optional.empty(), List.of(), false, Optional.empty()));
    assertThat(files().newest(5)).isEmpty();
  }

  @Test
  void theKeyAndTheLogAreForTheirOwnerAlone() throws IOException {
    write("one");

    for (String name : List.of("audit.key", "audit.jsonl", "audit.heads")) {
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name))))
          .as(name)
          .isEqualTo("rw-------");
    }
  }

  @Test
  void manyThreadsMakeOneChain() {
    try (AuditLog log = AuditLog.open(directory, CLOCK)) {
      IntStream.range(0, 60).parallel().forEach(i -> log.append(event("event " + i)));
    }

    assertThat(verify().isWhole()).isTrue();
    assertThat(files().newest(1000))
        .extracting(line -> line.event().fields().get("what"))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 60).mapToObj(i -> "event " + i).toList());
  }

  @Test
  void twoProcessesMakeOneChain() throws IOException, InterruptedException {
    write("mine, before");
    Process other =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                classPath(),
                AuditLogWriter.class.getName(),
                directory.toString(),
                "20")
            .inheritIO()
            .start();
    try (AuditLog log = AuditLog.open(directory, CLOCK)) {
      for (int i = 0; i < 20; i++) {
        log.append(event("mine " + i));
      }
      assertThat(other.waitFor()).isZero();
      log.append(event("mine, after"));
    }

    assertThat(verify().finding()).isEmpty();
    assertThat(verify().lines()).isEqualTo(42);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 100, 250})
  void halfALineIsSetAsideAndTheChainGoesOn(int bytes) throws IOException {
    write("one", "two");
    byte[] whole = Files.readAllBytes(log());
    List<String> heads = Files.readAllLines(heads());
    write("three");
    byte[] more = Files.readAllBytes(log());
    // A crash in the middle of the third line: its head was never written.
    Files.write(log(), Arrays.copyOf(more, whole.length + bytes));
    Files.write(heads(), heads);

    assertThat(verify().tornEnd()).isTrue();
    assertThat(verify().isWhole()).isTrue();
    write("four");

    assertThat(verify().tornEnd()).isFalse();
    assertThat(verify().isWhole()).isTrue();
    assertThat(files().newest(10))
        .extracting(line -> line.event().kind().wireName())
        .containsExactly("egress", "egress", "recovery", "egress");
    assertThat(files().newest(10).get(2).event().fields())
        .containsEntry("bytes", Integer.toString(bytes))
        .containsKey("sha256");
  }

  @Test
  void aCrashBetweenTheLineAndItsHeadLosesNothing() throws IOException {
    write("one");
    List<String> heads = Files.readAllLines(heads());
    write("two");
    Files.write(heads(), heads);

    assertThat(verify().isWhole()).isTrue();
    write("three");

    assertThat(verify().lines()).isEqualTo(3);
    assertThat(verify().isWhole()).isTrue();
    assertThat(Files.readAllLines(heads())).hasSize(3);
  }

  @Test
  void aCrashInTheMiddleOfAHeadLosesNothing() throws IOException {
    write("one", "two");
    String heads = Files.readString(heads());
    Files.writeString(heads(), heads.substring(0, heads.length() - 30));

    write("three");

    assertThat(verify().isWhole()).isTrue();
    assertThat(Files.readAllLines(heads()))
        .hasSize(3)
        .allMatch(l -> AuditHead.parse(l).isPresent());
  }

  @Test
  void aLogThatWasCutOffDoesNotOpen() throws IOException {
    write("one", "two", "three");
    List<String> lines = Files.readAllLines(log());
    Files.write(log(), lines.subList(0, 2));

    assertThatThrownBy(() -> AuditLog.open(directory, CLOCK))
        .isInstanceOf(AuditException.class)
        .hasMessageContaining("it ends after line 2, its signed head says 3");
    assertThat(verify().finding()).map(Finding::tampering).contains(Tampering.TRUNCATED);
  }

  @Test
  void halfOfALineThatWasOnceWholeIsNoCrash() throws IOException {
    write("one", "two");
    byte[] whole = Files.readAllBytes(log());
    Files.write(log(), Arrays.copyOf(whole, whole.length - 20));

    assertThatThrownBy(() -> AuditLog.open(directory, CLOCK)).isInstanceOf(AuditException.class);
  }

  @Test
  void aForgedLastLineDoesNotOpen() throws IOException {
    write("one", "two");
    List<String> lines = Files.readAllLines(log());
    Files.write(log(), List.of(lines.get(0), lines.get(1).replace("two", "2wo")));

    assertThatThrownBy(() -> AuditLog.open(directory, CLOCK))
        .isInstanceOf(AuditException.class)
        .hasMessageContaining("run 'tuneplane audit verify'");
    assertThat(verify().finding()).map(Finding::line).contains(2L);
  }

  @Test
  void aLogWithoutItsHeadsOrItsKeyDoesNotOpen() throws IOException {
    write("one", "two", "three");
    Files.delete(heads());
    assertThatThrownBy(() -> AuditLog.open(directory, CLOCK))
        .isInstanceOf(AuditException.class)
        .hasMessageContaining("its heads file ends at line 0 of 3");

    Files.delete(directory.resolve("audit.key"));
    assertThatThrownBy(() -> AuditLog.open(directory, CLOCK))
        .isInstanceOf(AuditException.class)
        .hasMessageContaining("put the key back");
  }

  @Test
  void bytesThatAreNoTextAreAnAlteredLine() throws IOException {
    write("one", "two", "three");
    byte[] bytes = Files.readAllBytes(log());
    bytes[20] = (byte) 0xff;
    Files.write(log(), bytes);

    assertThat(verify().finding()).map(Finding::line).contains(1L);
  }

  @Test
  void aLineLongerThanTheReadersStepIsFoundAgain() {
    write("x".repeat(100_000), "y".repeat(50_000));
    write("z");

    assertThat(verify().lines()).isEqualTo(3);
    assertThat(verify().isWhole()).isTrue();
  }

  @Test
  void aHeadKeptElsewhereHoldsTheLogToIt() throws IOException {
    write("one", "two");
    AuditHead kept = verify().head().orElseThrow();
    write("three");

    assertThat(files().verify(Optional.of(kept)).isWhole()).isTrue();
    List<String> heads = Files.readAllLines(heads());
    List<String> lines = Files.readAllLines(log());
    Files.write(heads(), heads.subList(0, 1));
    Files.write(log(), lines.subList(0, 1));
    assertThat(verify().isWhole()).as("both files were cut").isTrue();
    assertThat(files().verify(Optional.of(kept)).finding())
        .map(Finding::tampering)
        .contains(Tampering.TRUNCATED);
  }

  @Test
  void aFailedWriteIsAnErrorAndTheLogStaysWhole() throws IOException {
    AuditLog log = AuditLog.open(directory, CLOCK);
    log.append(event("one"));
    log.close();

    assertThatThrownBy(() -> log.append(event("two"))).isInstanceOf(AuditException.class);
    assertThat(verify().lines()).isEqualTo(1);
    assertThat(verify().isWhole()).isTrue();
  }

  @Test
  void linesOfAnotherWriterAreNeverOverwritten() throws IOException {
    try (AuditLog log = AuditLog.open(directory, CLOCK)) {
      log.append(event("one"));
      Files.writeString(log(), "{\"half\"", StandardOpenOption.APPEND);
      log.append(event("two"));
    }

    assertThat(files().newest(9))
        .extracting(AuditLine::event)
        .extracting(AuditEvent::kind)
        .containsExactly(AuditEvent.Kind.EGRESS, AuditEvent.Kind.RECOVERY, AuditEvent.Kind.EGRESS);
    assertThat(verify().isWhole()).isTrue();
  }

  /// The class path of the other process. The property `java.class.path` is the test launcher's.
  private static String classPath() {
    return Stream.of(
            AuditLogWriter.class,
            AuditLog.class,
            ObjectMapper.class,
            JsonFactory.class,
            JsonProperty.class)
        .map(type -> Path.of(uri(type)).toString())
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static URI uri(Class<?> type) {
    try {
      return type.getProtectionDomain().getCodeSource().getLocation().toURI();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private void write(String... what) {
    try (AuditLog log = AuditLog.open(directory, CLOCK)) {
      List.of(what).forEach(text -> log.append(event(text)));
    }
  }

  static AuditEvent event(String what) {
    return AuditEvent.of(NOW, AuditEvent.Kind.EGRESS, Map.of("what", what));
  }

  private AuditReport verify() {
    return files().verify(Optional.empty());
  }

  private AuditFiles files() {
    return new AuditFiles(directory);
  }

  private Path log() {
    return directory.resolve("audit.jsonl");
  }

  private Path heads() {
    return directory.resolve("audit.heads");
  }
}
