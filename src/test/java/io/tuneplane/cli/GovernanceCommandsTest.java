package io.tuneplane.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tuneplane.access.Caller;
import io.tuneplane.access.Role;
import io.tuneplane.api.Api;
import io.tuneplane.api.DecisionsApi;
import io.tuneplane.api.InProcessAttestations;
import io.tuneplane.api.InProcessAudit;
import io.tuneplane.api.InProcessBackends;
import io.tuneplane.api.InProcessDecisions;
import io.tuneplane.api.InProcessFiles;
import io.tuneplane.cost.Measurements;
import io.tuneplane.job.AttestationBook;
import io.tuneplane.job.Places;
import io.tuneplane.job.PolicySource;
import io.tuneplane.job.PriceBookLibrary;
import io.tuneplane.job.WorldReader;
import io.tuneplane.model.ModelCatalogue;
import io.tuneplane.store.Kept;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GovernanceCommandsTest {

  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-24T09:00:00Z"));

  private static final Caller CALLER =
      new Caller("key-1", "me", "default", Role.ADMIN, new TreeSet<>());

  @TempDir Path folder;
  private Path data;
  private Kept kept;

  @BeforeEach
  void open() {
    kept = Kept.in(folder.resolve("data"), CLOCK);
  }

  @AfterEach
  void close() {
    kept.close();
  }

  @BeforeEach
  void writeData() throws IOException {
    data = folder.resolve("train.jsonl");
    Files.writeString(
        data,
        IntStream.range(0, 20)
            .mapToObj(i ->
                "{\"messages\":[{\"role\":\"user\",\"content\":\"Where is order %d?\"},"
                        .formatted(i)
                    + "{\"role\":\"assistant\",\"content\":\"It is on its way, number %d.\"}]}"
                        .formatted(i))
            .collect(Collectors.joining("\n")));
  }

  @Test
  void decideAnswersWithWhatScriptsRelyOn() throws JsonProcessingException {
    Ran ran =
        Ran.with(
            deciding(), "decide", data.toString(), "--monthly-requests", "100000", "-o", "json");
    JsonNode answer = new ObjectMapper().readTree(ran.out());

    assertThat(ran.exit()).isZero();
    assertThat(answer.at("/choice/backend").asText()).isEqualTo("openai");
    assertThat(answer.at("/choice/total_usd").asText()).matches("[0-9]+\\.[0-9]{2}");
    assertThat(answer.at("/ranked/0/ready").isBoolean()).isTrue();
    assertThat(answer.at("/ranked/0/setup").asText()).contains("this version of Tuneplane");
    assertThat(answer.at("/what_would_change")).isNotEmpty();
    assertThat(answer.at("/inputs_digest").asText()).hasSize(64);
  }

  @Test
  void decideExitsWithThreeWhereNothingIsLeft() {
    Ran ran = Ran.with(deciding(), "decide", data.toString(), "--flag", "hipaa");

    assertThat(ran.exit()).isEqualTo(ExitCode.REFUSED);
    assertThat(ran.out())
        .contains("No place is left.")
        .contains("flagged-stays-on-own-hardware")
        .contains("What to relax:")
        .contains("Advice, not leave.");
  }

  @Test
  void aDecisionIsKeptAndReplayed() throws JsonProcessingException {
    Ran first = Ran.with(deciding(), "decide", data.toString(), "-o", "json");
    String id = new ObjectMapper().readTree(first.out()).get("id").asText();

    Ran replay = Ran.with(deciding(), "decide", "--replay", id);

    assertThat(replay.exit()).isZero();
    assertThat(replay.out()).contains(id + " comes out the same, byte for byte.");
  }

  @Test
  void anAlteredDecisionDoesNotComeOutTheSame() throws IOException {
    Ran first = Ran.with(deciding(), "decide", data.toString(), "-o", "json");
    String id = new ObjectMapper().readTree(first.out()).get("id").asText();
    kept.tamper(
        "UPDATE decisions SET document = REPLACE(document, 'is the cheapest', 'is the best')");

    Ran replay = Ran.with(deciding(), "decide", "--replay", id);

    assertThat(replay.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(replay.out()).contains("DIFFERENT");
  }

  @Test
  void decideWithoutAFileIsAUsageError() {
    assertThat(Ran.with(deciding(), "decide").exit()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void anUnknownFlagOrClassIsSaid() {
    Ran unknownClass = Ran.with(deciding(), "decide", data.toString(), "--class", "huge");
    Ran unknownFlag = Ran.with(deciding(), "decide", data.toString(), "--flag", "hippa");

    assertThat(unknownClass.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(unknownClass.err()).contains("no model class \"huge\"");
    assertThat(unknownFlag.exit()).isEqualTo(ExitCode.REFUSED);
    assertThat(unknownFlag.out()).contains("unknown flag hippa");
  }

  @Test
  void theTextShowsThePlacesAndWhatWouldChangeIt() {
    Ran ran = Ran.with(deciding(), "decide", data.toString(), "--monthly-requests", "100000");

    assertThat(ran.out())
        .contains("PLACE", "runpod-a100", "needs setup", "What would change it:")
        .contains("requests a month on")
        .contains("from 2027-01-06 on");
  }

  @Test
  void attestationsAreAddedListedAndAudited() throws JsonProcessingException {
    var api = new InProcessAttestations(policy(), kept::audit, CLOCK, CALLER, "default");
    Ran added = Ran.with(PartialApi.of(Map.of("attestations", api)), ADD);
    Ran listed =
        Ran.with(PartialApi.of(Map.of("attestations", api)), "attestations", "list", "-o", "json");

    assertThat(added.exit()).isZero();
    assertThat(added.out()).contains("BAA-1").contains("us-central1").contains("yes");
    JsonNode card = new ObjectMapper().readTree(listed.out()).get(0);
    assertThat(card.get("flag").asText()).isEqualTo("hipaa");
    assertThat(card.get("endpoint").asText()).isEqualTo("training");
    assertThat(card.get("until").asText()).isEqualTo("2027-11-01");
    assertThat(card.get("valid").asBoolean()).isTrue();
    Ran audit = Ran.with(audit(), "audit", "list");
    assertThat(audit.out()).contains("attestation").contains("vertex").contains("BAA-1");
  }

  @Test
  void anAttestationForAnUnknownFlagIsRefused() {
    var api = new InProcessAttestations(policy(), kept::audit, CLOCK, CALLER, "default");
    String[] wrong = ADD.clone();
    wrong[3] = "hippa";

    Ran ran = Ran.with(PartialApi.of(Map.of("attestations", api)), wrong);

    assertThat(ran.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err()).contains("unknown flag \"hippa\"");
    assertThat(kept.audit().head()).isEmpty();
  }

  @Test
  void auditVerifyNamesTheLineAndExitsWithOne() throws IOException {
    var api = new InProcessAttestations(policy(), kept::audit, CLOCK, CALLER, "default");
    Ran.with(PartialApi.of(Map.of("attestations", api)), ADD);
    Ran.with(PartialApi.of(Map.of("attestations", api)), ADD);
    Ran whole = Ran.with(audit(), "audit", "verify");
    kept.tamper("UPDATE audit_lines SET line = REPLACE(line, 'BAA-1', 'BAA-2') WHERE seq = 1");
    Ran tampered = Ran.with(audit(), "audit", "verify");
    Ran json = Ran.with(audit(), "audit", "verify", "-o", "json");

    assertThat(whole.exit()).isZero();
    assertThat(whole.out()).startsWith("Whole: 2 lines.").contains("Head: 2 ");
    assertThat(tampered.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(tampered.out()).startsWith("TAMPERED, first at line 1: line 1 does not say");
    assertThat(new ObjectMapper().readTree(json.out()).at("/finding/line").asLong()).isEqualTo(1);
  }

  @Test
  void backendsTellTheirStateAndTheirLimits() throws JsonProcessingException {
    var api = backends();
    JsonNode all =
        new ObjectMapper()
            .readTree(
                Ran.with(PartialApi.of(Map.of("backends", api)), "backends", "-o", "json").out());

    assertThat(all.findValuesAsText("name")).containsExactly("kubernetes", "openai", "vertex");
    assertThat(all.at("/1/location").asText()).isEqualTo("third_party");
    assertThat(all.at("/1/state").asText()).isEqualTo("needs_setup");
    assertThat(all.at("/1/limits/min_examples").asLong()).isEqualTo(10);
    assertThat(Ran.with(PartialApi.of(Map.of("backends", api)), "backends").out())
        .contains("third_party")
        .contains("needs setup");
  }

  private InProcessBackends backends() {
    return new InProcessBackends(
        world(), policy()::engine, new PriceBookLibrary(Optional.empty(), Optional.empty()), CLOCK);
  }

  @Test
  void backendsTellUntilWhen() {
    String text = Ran.with(PartialApi.of(Map.of("backends", backends())), "backends").out();

    assertThat(text)
        .contains("2027-01-05")
        .contains("gpt-4o-mini-2024-07-18 stops on 2027-01-14, in 51 days")
        .contains("gemini-3.5-flash is promised until 2027-05-19")
        .contains("at most 131,072 tokens an example")
        .contains("US dollars for a million tokens, as read on 2026-11-23")
        .containsPattern("gpt-4o-mini-2024-07-18 +3\\.00 +0\\.30 +0\\.15 +1\\.20")
        .containsPattern("gemini-3.5-flash +unknown +1\\.50");
  }

  @Test
  void providersStandSideBySide() throws JsonProcessingException {
    var api = PartialApi.of(Map.of("backends", backends()));

    String today = Ran.with(api, "backends", "--compare").out();
    JsonNode section =
        new ObjectMapper()
            .readTree(
                Ran.with(api, "backends", "--compare", "--book", "section-13.4", "-o", "json")
                    .out());

    assertThat(today).contains("SELF-HOSTED").contains("Google's price was not seen");
    assertThat(section.path("providers"))
        .extracting(JsonNode::asText)
        .containsExactly("openai", "vertex", "self_hosted");
    assertThat(section.path("rows")).hasSize(9);
    assertThat(Ran.with(api, "backends", "--compare", "--book", "none").exit()).isEqualTo(1);
  }

  private static final String[] ADD = {
    "attestations",
    "add",
    "--flag",
    "hipaa",
    "--destination",
    "vertex",
    "--region",
    "us-central1",
    "--endpoint",
    "training",
    "--who",
    "a.smith",
    "--from",
    "2026-11-01",
    "--until",
    "2027-11-01",
    "--document",
    "BAA-1"
  };

  private Api deciding() {
    DecisionsApi decisions =
        new InProcessDecisions(CALLER, world(), kept.decisions(), kept.files(), CLOCK);
    return PartialApi.of(
        Map.of("decisions", decisions, "files", new InProcessFiles(CALLER, kept.files())));
  }

  @Test
  void whatWasSentForAQuestionIsTakenBack() {
    Ran.with(deciding(), "decide", data.toString());

    assertThat(kept.files().list("default", Optional.empty(), Optional.empty(), 9)).isEmpty();
  }

  private WorldReader world() {
    return new WorldReader(
        new Places(List.of(), List.of()),
        new PriceBookLibrary(Optional.empty(), Optional.empty()),
        policy()::texts,
        () -> Measurements.NONE,
        new WorldReader.Hardware(ModelCatalogue.shipped(), _ -> new TreeMap<>()));
  }

  private PolicySource policy() {
    return new PolicySource(Optional.empty(), new AttestationBook(kept.audit()));
  }

  private Api audit() {
    return PartialApi.of(Map.of("audit", new InProcessAudit(CALLER, "default", kept.audit())));
  }
}
