package io.tuneplane;

import io.tuneplane.api.Api;
import io.tuneplane.api.BookCosts;
import io.tuneplane.api.CostRequest;
import io.tuneplane.api.CostsApi;
import io.tuneplane.api.InProcessData;
import io.tuneplane.cli.GlobalOptions;
import io.tuneplane.cli.Version;
import io.tuneplane.client.Background;
import io.tuneplane.client.HttpApi;
import io.tuneplane.client.LocalServer;
import io.tuneplane.client.Location;
import io.tuneplane.client.Server;
import io.tuneplane.client.Trust;
import io.tuneplane.config.Settings;
import io.tuneplane.config.SettingsReader;
import io.tuneplane.cost.Measurements;
import io.tuneplane.dataset.CheckSettings;
import io.tuneplane.job.PriceBookLibrary;
import io.tuneplane.model.BaseModel;
import io.tuneplane.model.FetchListener;
import io.tuneplane.model.ModelCatalogue;
import io.tuneplane.model.ModelStore;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// How a command reaches Tuneplane: data files and prices are read here, everything else is asked
/// of a server.
final class Client {

  /// The books that every server has; any other one is a file of this machine.
  private static final Set<String> SHIPPED = Set.of(CostRequest.Basis.DEFAULT_BOOK, "section-13.4");

  private final Settings settings;
  private final FetchListener fetches;

  private Client(Settings settings, FetchListener fetches) {
    this.settings = settings;
    this.fetches = fetches;
  }

  /// Connects a command to Tuneplane. Nothing is asked, and no server started, before it is needed.
  static Api connect(GlobalOptions options, FetchListener fetches) {
    Map<String, String> environment = System.getenv();
    Settings settings = settings(options);
    Optional<String> key = set(environment, "TUNEPLANE_API_KEY");
    LocalServer local =
        new LocalServer(
            settings.dataDir(),
            key,
            Version.text(),
            new Background(
                ThisProcess.serve(settings.dataDir(), options.config(), environment),
                environment.getOrDefault("PATH", "")),
            Thread::sleep);
    Optional<URI> url = options.url().or(() -> set(environment, "TUNEPLANE_URL").map(URI::create));
    Location location =
        url.map(Client::withoutSlash)
            .map(known -> (Location) () -> new Server(known, key))
            .orElse(local);
    Client client = new Client(settings, fetches);
    return new HttpApi(
        location,
        new Trust(set(environment, "TUNEPLANE_CA_FILE").map(Path::of)),
        Thread::sleep,
        new HttpApi.Here(
            new Lazy<>(() -> new InProcessData(client::open, client.resources())),
            server -> client.costs(server, () -> url.isPresent() || local.running().isPresent())));
  }

  static Settings settings(GlobalOptions options) {
    return SettingsReader.read(
        System.getenv(),
        options.config(),
        options.dataDir(),
        Runtime.getRuntime().availableProcessors());
  }

  private static Optional<String> set(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
  }

  private static URI withoutSlash(URI url) {
    return URI.create(url.toString().replaceAll("(/v1)?/*$", ""));
  }

  /// A server knows the speeds that its jobs have reached; without one, the book's are used.
  private CostsApi costs(CostsApi server, BooleanSupplier running) {
    return request ->
        SHIPPED.contains(request.basis().book()) && running.getAsBoolean()
            ? server.compare(request)
            : here().compare(request);
  }

  private CostsApi here() {
    return new BookCosts(
        new PriceBookLibrary(settings.priceBookFile(), settings.local().hourlyUsd()),
        () -> Measurements.NONE,
        InstantSource.system());
  }

  private BaseModel open(String name) {
    ModelStore store =
        new ModelStore(
            settings.cacheDir(), settings.hub(), ModelCatalogue.shipped(), Thread::sleep);
    return new StoredModels(store, fetches).open(name);
  }

  private CheckSettings.Resources resources() {
    return new CheckSettings.Resources(
        settings.local().threads(), Path.of(System.getProperty("java.io.tmpdir")));
  }
}
