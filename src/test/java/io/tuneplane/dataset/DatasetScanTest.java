package io.tuneplane.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetScanTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Write to jane.doe+tea@mail.example.org. | email          | gdpr
          card 4111 1111 1111 1111 please         | card           | pci
          5555-5555-5555-4444                     | card           | pci
          amex 378282246310005                    | card           | pci
          my SSN is 219-09-9999                   | us-ssn         | confidential
          call +44 20 7946 0958 now               | phone          | gdpr
          (+1-202-555-0143)                       | phone          | gdpr
          pay to DE89 3704 0044 0532 0130 00 soon | iban           | gdpr
          GB82WEST12345698765432                  | iban           | gdpr
          MRN: 00123456                           | medical-record | hipaa
          Patient ID AB-99812                     | medical-record | hipaa
          AKIAIOSFODNN7EXAMPLE                    | secret         | confidential
          -----BEGIN RSA PRIVATE KEY-----         | secret         | confidential
          """)
  void finds(String text, String kind, String flag) throws IOException {
    ScanReport report = scan(text);
    assertThat(report.findings()).extracting(f -> f.kind().id()).containsExactly(kind);
    assertThat(report.flags()).containsExactly(flag);
    assertThat(text).doesNotContain(report.findings().getFirst().excerpt());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ticket 9917402 and order TW-1187",
        "1234567890 points, and 4111 1111 1111 1112 is no card",
        "0000 0000 0000 0000",
        "version 1.2.3.4, build 2024-01-15",
        "call 555-0143 or 020 7946 0958",
        "000-12-3456 and 666-12-3456 and 900-12-3456 and 219-00-9999",
        "part 219-09-99991 and 1219-09-9999",
        "x = y +123456789 if a+15551234567",
        "DE00 3704 0044 0532 0130 00",
        "the patient number was high; patient is 45",
        "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxx is a placeholder",
        "meet @ noon, or @home",
        "a@b, user@localhost",
        "id 123e4567-e89b-12d3-a456-426614174000",
        "2024-11-23T10:15:30+01:00",
        "Ünïcödé ☎ 日本語 text"
      })
  void doesNotCryWolf(String text) throws IOException {
    assertThat(scan(text).findings()).isEmpty();
  }

  @Test
  void looksAtEveryStringAndNamesItsLine() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("a.jsonl"),
            """
            {"messages": []}

            {"any": {"deep": ["x", {"er": "j\\u0061ne@mail.org"}]}}
            """);
    ScanReport.Found found = new DatasetScan(10).run(file).findings().getFirst();
    assertThat(found.line()).isEqualTo(3);
    assertThat(found.example()).isEqualTo(1);
    assertThat(found.excerpt()).isEqualTo("ja*********rg");
  }

  @Test
  void aBrokenLineIsLookedAtAsText() throws IOException {
    Path file = Files.writeString(folder.resolve("a.jsonl"), "{\"a\": \"jane@mail.org\"");
    assertThat(new DatasetScan(10).run(file).counts()).containsEntry("email", 1L);
  }

  @Test
  void aScanThatCannotFinishSaysSo() throws IOException {
    assertThat(new DatasetScan(10).run(folder.resolve("none")).failure()).isPresent();
    Path zip = Files.write(folder.resolve("z"), new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0});
    assertThat(new DatasetScan(10).run(zip).failure()).isPresent();
    Path longLine =
        Files.writeString(folder.resolve("l"), "{\"a\": \"" + "x".repeat(17 << 20) + "\"}\n");
    assertThat(new DatasetScan(10).run(longLine).failure().orElseThrow()).contains("line 1");
  }

  @Test
  void theListIsBoundedAndTheCountIsNot() throws IOException {
    Path file =
        Files.write(
            folder.resolve("a"),
            "{\"a\": \"jane@mail.org\"}\n".repeat(500).getBytes(StandardCharsets.UTF_8));
    ScanReport report = new DatasetScan(10).run(file);
    assertThat(report.findings()).hasSize(10);
    assertThat(report.counts()).containsEntry("email", 500L);
  }

  @Test
  void hostileTextTakesNoLongTime() throws IOException {
    for (String piece : List.of("@", "a.", "1 ", "A1", "+1", "sk-", "eyJa.", "patient ", "-")) {
      ScanReport report = scan(piece.repeat(1_000_000 / piece.length()));
      assertThat(report.failure()).isEmpty();
    }
  }

  private ScanReport scan(String text) throws IOException {
    String line = JsonNodeFactory.instance.objectNode().put("content", text).toString();
    return new DatasetScan(10).run(Files.writeString(folder.resolve("t.jsonl"), line));
  }
}
