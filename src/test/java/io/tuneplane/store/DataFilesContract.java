package io.tuneplane.store;

import static io.tuneplane.store.StoredThings.NOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.job.StorageException;
import io.tuneplane.job.StoredFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Files come back byte for byte or not at all, under names that nobody chose.
abstract class DataFilesContract extends StoreContract {

  private Instant now = NOW;

  @Test
  void aFileComesBackAsItWas() throws IOException {
    StoredFile file = keep("default", "train.jsonl", "some bytes");

    assertThat(file.id()).matches("file-[0-9A-Za-z]{24}");
    assertThat(file.bytes()).isEqualTo(10);
    assertThat(file.createdAt()).isEqualTo(NOW);
    assertThat(files().find("default", file.id())).contains(micros(file));
    assertThat(files().content(file)).hasContent("some bytes");
  }

  @Test
  void anotherOrganisationsFileIsNotThere() throws IOException {
    StoredFile file = keep("default", "train.jsonl", "some bytes");

    assertThat(files().find("other", file.id())).isEmpty();
    assertThat(files().list("other", Optional.empty(), Optional.empty(), 10)).isEmpty();
    assertThat(files().delete("other", file.id())).isFalse();
    assertThat(files().content(file)).exists();
  }

  @Test
  void theSameContentIsKeptOnceAndGoesWithItsLastFile() throws IOException {
    StoredFile one = keep("default", "a", "same");
    StoredFile two = keep("other", "b", "same");
    assertThat(files().content(one)).isEqualTo(files().content(two));

    assertThat(files().delete("default", one.id())).isTrue();
    assertThat(files().content(two)).hasContent("same");
    assertThat(files().delete("other", two.id())).isTrue();

    assertThat(files().find("other", two.id())).isEmpty();
    assertThatIOException().isThrownBy(() -> files().content(two)).withMessageContaining("is gone");
    assertThat(onDisk()).isEmpty();
    assertThat(files().delete("other", two.id())).isFalse();
  }

  /// An upload and a deletion of the same bytes, again and again: what was kept is there.
  @Test
  void anUploadNeverMeetsADeletionOfTheSameBytes() {
    Race.run(
        6,
        thread -> {
          for (int i = 0; i < 8; i++) {
            StoredFile file = keep("default", "f", "the same bytes");
            assertThat(files().content(file)).hasContent("the same bytes");
            files().delete("default", file.id());
          }
        });
    assertThat(onDisk()).isEmpty();
  }

  @Test
  void namesThatAreMeantToLeaveTheFolderAreOnlyNames() throws IOException {
    List<String> hostile =
        List.of(
            "../../../etc/passwd",
            "..%2f..%2fx",
            "%252e%252e/x",
            "..\\..\\x",
            "/etc/passwd",
            "nul\0.jsonl",
            "con",
            "a".repeat(10_000),
            "'; DROP TABLE files; --",
            "line\r\nbreak",
            "");
    for (String name : hostile) {
      StoredFile file = keep("default", name, "content of " + name.length());
      assertThat(files().content(file)).startsWith(store.artifacts());
      assertThat(files().find("default", file.id()).orElseThrow().filename())
          .isEqualTo(name.replace('\0', '\uFFFD'));
    }
    for (String id : hostile) {
      assertThat(files().find("default", id)).isEmpty();
      assertThat(files().delete("default", id)).isFalse();
    }
    try (Stream<Path> all = Files.walk(dir)) {
      assertThat(all.map(p -> String.valueOf(p.getFileName())))
          .noneMatch(name -> name.contains("passwd") || name.contains("x"));
    }
  }

  @Test
  void aDigestThatIsAPathIsRefused() throws IOException {
    StoredFile file = keep("default", "f", "x");
    StoredFile forged =
        new StoredFile(
            file.id(), "default", "f", "fine-tune", 1, "../../../../etc/passwd", file.createdAt());

    assertThatThrownBy(() -> files().content(forged)).hasMessageContaining("not a digest");
  }

  @Test
  void aByteThatWasFlippedIsNeverServed() throws IOException {
    StoredFile file = keep("default", "f", "0123456789");
    Path place = files().content(file);
    byte[] bytes = Files.readAllBytes(place);
    for (int at = 0; at < bytes.length; at++) {
      byte[] flipped = bytes.clone();
      flipped[at] ^= 1;
      Files.write(place, flipped);
      assertThatIOException()
          .isThrownBy(() -> files().content(file))
          .withMessageContaining("is not what was kept");
    }
  }

  @Test
  void aFileThatWasCutOffIsNeverServedAndUploadingItAgainMendsIt() throws IOException {
    StoredFile file = keep("default", "f", "0123456789");
    Path place = files().content(file);
    for (int length = 0; length < 10; length++) {
      Files.writeString(place, "0123456789".substring(0, length));
      assertThatIOException().isThrownBy(() -> files().content(file));
    }

    keep("default", "f", "0123456789");

    assertThat(files().content(file)).hasContent("0123456789");
  }

  @Test
  void anUploadThatBreaksOffLeavesNothing() {
    InputStream breaking =
        new InputStream() {
          private int left = 100_000;

          @Override
          public int read() {
            return 'x';
          }

          @Override
          public int read(byte[] into, int from, int length) throws IOException {
            if (left < 0) {
              throw new IOException("connection reset");
            }
            left -= length;
            return length;
          }
        };

    assertThatIOException()
        .isThrownBy(() -> files().keep("default", "f", "fine-tune", breaking))
        .withMessage("connection reset");
    assertThat(onDisk()).isEmpty();
    assertThat(files().list("default", Optional.empty(), Optional.empty(), 10)).isEmpty();
  }

  /// Whatever statement fails, there is neither a row nor content.
  @Test
  void anUploadWhoseRowIsRefusedLeavesNothing() throws IOException {
    int failures = 0;
    for (int at = 1; ; at++) {
      FailingStatements failing = new FailingStatements(store.database().connections(), at);
      try (Database broken = failing.database(store.url().isPresent())) {
        SqlFiles files = new SqlFiles(broken, store.artifacts(), new java.util.Random(), () -> now);
        failing.arm();
        files.keep("default", "f", "fine-tune", bytes("content"));
        break;
      } catch (StorageException e) {
        failures++;
        assertThat(files().list("default", Optional.empty(), Optional.empty(), 10)).isEmpty();
        assertThat(onDisk()).isEmpty();
      }
    }
    assertThat(failures).isGreaterThanOrEqualTo(2);
    assertThat(files().list("default", Optional.empty(), Optional.empty(), 10)).hasSize(1);
  }

  @Test
  void pagesPutTogetherAreTheList() throws IOException {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      now = NOW.plusMillis(i);
      expected.addFirst(keep("default", "f" + i, "c" + i).id());
    }
    for (int size : new int[] {1, 6, 25, 100}) {
      List<String> all = new ArrayList<>();
      List<StoredFile> page;
      do {
        Optional<String> after = all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
        page = files().list("default", after, Optional.of("fine-tune"), size);
        page.forEach(file -> all.add(file.id()));
      } while (page.size() == size);
      assertThat(all).as("pages of %d", size).isEqualTo(expected);
    }
    assertThat(files().list("default", Optional.empty(), Optional.of("other"), 5)).isEmpty();
  }

  @Test
  void theSweepTakesWhatACrashLeftAndNothingElse() throws IOException {
    StoredFile kept = keep("default", "f", "kept");
    Path orphan = content("a".repeat(64), "orphan");
    Path young = content("b".repeat(64), "young");
    Path part = Files.createDirectories(store.artifacts().resolve("arriving")).resolve("x.part");
    Files.writeString(part, "half");
    // The part was written last: everything is older than its time and a little.
    now = Instant.ofEpochMilli(part.toFile().lastModified()).plus(SqlFiles.GRACE).plusMillis(5);
    assertThat(young.toFile().setLastModified(now.toEpochMilli())).isTrue();

    files().sweep();

    assertThat(orphan).doesNotExist();
    assertThat(part).doesNotExist();
    assertThat(young).exists();
    assertThat(files().content(kept)).hasContent("kept");
  }

  private Path content(String digest, String text) throws IOException {
    Path place = store.artifacts().resolve("sha256").resolve(digest.substring(0, 2));
    return Files.writeString(Files.createDirectories(place).resolve(digest), text);
  }

  private SqlFiles files() {
    return store.files(() -> now);
  }

  private StoredFile keep(String organisation, String name, String content) throws IOException {
    return files().keep(organisation, name, "fine-tune", bytes(content));
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  private List<Path> onDisk() {
    try (Stream<Path> all =
        Files.exists(store.artifacts()) ? Files.walk(store.artifacts()) : Stream.empty()) {
      return all.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static StoredFile micros(StoredFile file) {
    return new StoredFile(
        file.id(),
        file.organisation(),
        file.filename(),
        file.purpose(),
        file.bytes(),
        file.sha256(),
        file.createdAt().truncatedTo(java.time.temporal.ChronoUnit.MICROS));
  }
}
