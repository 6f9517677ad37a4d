package io.tuneplane.backend.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.tuneplane.backend.Availability;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.SubmissionKey;
import io.tuneplane.config.Settings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where bytes and the key may go.
class EgressTest {

  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-24T00:00:00Z"));
  private static final SubmissionKey MARK = new SubmissionKey("ftjob-egress");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.1.2.3",
        "100.64.0.1",
        "169.254.169.254",
        "172.31.255.255",
        "192.168.1.1",
        "0.0.0.0",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1"
      })
  void addressesThatAreNotPublicAreRefused(String address) throws Exception {
    AddressGuard guard = new AddressGuard(Set.of());
    AddressGuard naming = new AddressGuard(Set.of(InetAddress.getByName(address)));

    assertThatThrownBy(() -> guard.check(InetAddress.getByName(address)))
        .isInstanceOf(AddressRefusedException.class)
        .hasMessageContaining("openai.private_addresses");
    assertThatCode(() -> naming.check(InetAddress.getByName(address))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.1.1.1", "104.18.6.192", "172.32.0.1", "2606:4700::1", "11.0.0.1"})
  void publicAddressesAreNot(String address) {
    AddressGuard guard = new AddressGuard(Set.of());

    assertThatCode(() -> guard.check(InetAddress.getByName(address))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]", "[::1]"})
  void aHostThatIsThisMachineIsRefusedBeforeAnythingIsSent(String host) throws Exception {
    try (FakeOpenAi here = new FakeOpenAi(CLOCK.instant())) {
      URI url = URI.create("http://%s:%d/v1".formatted(host, here.url().getPort()));
      try (OpenAiTraining training = training(url, FakeOpenAi.KEY)) {
        assertThatThrownBy(() -> training.find(MARK))
            .isInstanceOf(BackendException.Unauthorized.class)
            .hasMessageContaining("is not a public address");
      }
      assertThat(here.exchanges()).isEmpty();
    }
  }

  @Test
  void aNameThatComesToMeanThisMachineIsRefused() throws Exception {
    try (FakeOpenAi here = new FakeOpenAi(CLOCK.instant())) {
      URI url = URI.create("http://provider.example:%d/v1".formatted(here.url().getPort()));
      Transport rebound =
          new Transport(
              url, new AddressGuard(Set.of()), _ -> List.of(InetAddress.getLoopbackAddress()));
      Account account = new Account(settings(url), () -> Optional.of(FakeOpenAi.KEY), rebound);
      try (OpenAiTraining training = new OpenAiTraining(account, OpenAiPlace::book, CLOCK)) {
        assertThatThrownBy(() -> training.find(MARK))
            .isInstanceOf(BackendException.Unauthorized.class)
            .hasMessageContaining("127.0.0.1 is not a public address");
      }
      assertThat(here.exchanges()).isEmpty();
    }
  }

  @Test
  void aRedirectIsNotFollowed() throws Exception {
    AtomicInteger reached = new AtomicInteger();
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext("/", exchange -> reached.incrementAndGet());
    other.start();
    OpenAiPlace place = new OpenAiPlace(directory);
    place.host.fault(
        "GET /fine_tuning/jobs",
        new FakeFault.Instead(
            FakeAnswer.text(302, "{}")
                .with("Location", "http://127.0.0.1:%d/".formatted(other.getAddress().getPort()))));

    try (OpenAiTraining training = place.training()) {
      assertThatThrownBy(() -> training.find(MARK))
          .isInstanceOf(BackendException.Misunderstood.class)
          .hasMessageContaining("redirects are not followed");
    } finally {
      place.close();
      other.stop(0);
    }
    assertThat(reached).hasValue(0);
  }

  @Test
  void theKeyIsInNoMessage() throws Exception {
    OpenAiPlace place = new OpenAiPlace(directory);
    place.host.fault(
        "GET /fine_tuning/jobs",
        new FakeFault.Instead(
            FakeAnswer.error(
                401, "invalid_api_key", "Incorrect API key provided: " + FakeOpenAi.KEY)));

    try (OpenAiTraining training = place.training()) {
      assertThatThrownBy(() -> training.find(MARK))
          .isInstanceOf(BackendException.Unauthorized.class)
          .hasMessageContaining("Incorrect API key provided: [key]")
          .hasNoCause();
      assertThat(new Account(place.settings(), () -> Optional.of(FakeOpenAi.KEY)))
          .hasToString("Account[" + place.host.url() + ", key present]");
    } finally {
      place.close();
    }
  }

  @Test
  void aKeyOfOursIsNotSentToOpenAi() {
    try (OpenAiTraining training = training(Settings.OpenAi.DEFAULT_BASE_URL, "tp-0123456789")) {
      assertThat(training.availability()).isInstanceOf(Availability.NeedsSetup.class);
      assertThatThrownBy(() -> training.find(MARK))
          .isInstanceOf(BackendException.Unauthorized.class)
          .hasMessageContaining("OPENAI_API_KEY");
    }
  }

  private OpenAiTraining training(URI url, String key) {
    return new OpenAiTraining(settings(url), () -> Optional.of(key), OpenAiPlace::book, CLOCK);
  }

  private OpenAiSettings settings(URI url) {
    return new OpenAiSettings(
        url,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Set.of(),
        OpenAiPlace.WINDOW,
        directory.resolve("openai"));
  }
}
