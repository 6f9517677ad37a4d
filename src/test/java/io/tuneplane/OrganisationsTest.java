package io.tuneplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.api.Json;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What an administrator of one organisation can't ask of a server that is another one's.
@Timeout(120)
class OrganisationsTest {

  @TempDir Path dir;
  private ServerFixture server;
  private String foreign = "";

  @BeforeEach
  void start() throws IOException {
    server = new ServerFixture(dir);
    String[] create = {"keys", "create", "--role", "admin", "--name", "acme", "-o", "json"};
    String[] forOther = java.util.Arrays.copyOf(create, create.length + 2);
    forOther[create.length] = "--organisation";
    forOther[create.length + 1] = "acme";
    foreign = Json.mapper().readTree(server.run(forOther).out()).path("key").asText();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void refused(String... command) {
    ServerFixture.Ran ran = server.runWith(foreign, command);

    assertThat(ran.exit()).as(ran.err()).isEqualTo(4);
    assertThat(ran.err())
        .contains("Only an administrator of the installation's own organisation, default")
        .contains("The key that was sent is that of a test.");
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void theAuditLogOfTheWholeServerIsItsOwnAdministrators() {
    refused("audit", "list");
    refused("audit", "verify");

    assertThat(server.run("audit", "list").exit()).isZero();
    assertThat(server.run("audit", "verify").exit()).isZero();
  }

  @Test
  void aModelOfAnotherOrganisationIsNotThere() {
    assertThat(server.runWith(foreign, "models", "delete", "ft:x:default::abcd1234").exit())
        .isEqualTo(1);
    assertThat(server.runWith(foreign, "models", "deployments", "-o", "json").out().strip())
        .isEqualTo("[ ]");
  }

  @Test
  void nobodyElseGivesLeaveForTheServersDataToGo() {
    String[] attest = {
      "attestations", "add", "--who", "me", "--from", "2026-11-01", "--until", "2099-01-01",
      "--document", "BAA", "--flag", "hipaa", "--destination", "openai", "--endpoint", "training"
    };
    refused(attest);

    assertThat(server.run("attestations", "list", "-o", "json").out().strip()).isEqualTo("[ ]");
    assertThat(server.run(attest).exit()).isZero();
  }
}
