package io.tuneplane.backend.kubernetes;

import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import io.tuneplane.config.ClusterSettings;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Finds the cluster that settings name. The client's classes take seconds to load, so nothing here
/// is touched before the cluster is asked for the first time.
final class Connector {

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration READ = Duration.ofSeconds(60);

  private Connector() {}

  /// A client of the cluster: of a kubeconfig that is named, else of the pod that this runs in,
  /// else of the usual kubeconfig.
  ///
  /// @throws IOException if the kubeconfig can't be read, or lacks the context
  static Cluster connect(ClusterSettings settings) throws IOException {
    Optional<Path> file = settings.access().kubeconfig();
    ClientBuilder builder =
        file.isPresent()
            ? ClientBuilder.kubeconfig(read(file.get(), settings.access().context()))
            : ClientBuilder.standard();
    ApiClient client = builder.build();
    client.setHttpClient(
        client.getHttpClient().newBuilder().connectTimeout(CONNECT).readTimeout(READ).build());
    return new Cluster(client, settings.namespace().orElseThrow());
  }

  private static KubeConfig read(Path file, Optional<String> context) throws IOException {
    try (Reader reader = Files.newBufferedReader(file)) {
      KubeConfig config = KubeConfig.loadKubeConfig(reader);
      config.setFile(file.toFile());
      if (context.isPresent() && !config.setContext(context.get())) {
        throw new IOException(file + " has no context " + context.get());
      }
      return config;
    } catch (ClassCastException | NullPointerException e) {
      throw new IOException(file + " is no kubeconfig", e);
    }
  }
}
