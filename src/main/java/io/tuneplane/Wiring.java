package io.tuneplane;

import io.tuneplane.access.Caller;
import io.tuneplane.access.Role;
import io.tuneplane.api.Api;
import io.tuneplane.api.BookCosts;
import io.tuneplane.api.InProcessAttestations;
import io.tuneplane.api.InProcessAudit;
import io.tuneplane.api.InProcessBackends;
import io.tuneplane.api.InProcessData;
import io.tuneplane.api.InProcessDecisions;
import io.tuneplane.api.InProcessJobs;
import io.tuneplane.api.InProcessModels;
import io.tuneplane.api.ModelEnds;
import io.tuneplane.api.RequestException;
import io.tuneplane.backend.Problem;
import io.tuneplane.backend.local.BaseModels;
import io.tuneplane.backend.local.LocalServing;
import io.tuneplane.backend.local.LocalSettings;
import io.tuneplane.backend.local.LocalTraining;
import io.tuneplane.backend.local.Machine;
import io.tuneplane.backend.local.RunnerCommand;
import io.tuneplane.backend.local.ThisMachine;
import io.tuneplane.cli.GlobalOptions;
import io.tuneplane.config.Settings;
import io.tuneplane.config.SettingsReader;
import io.tuneplane.cost.Measurements;
import io.tuneplane.dataset.CheckSettings;
import io.tuneplane.job.Answers;
import io.tuneplane.job.AttestationBook;
import io.tuneplane.job.AuditFiles;
import io.tuneplane.job.AuditLog;
import io.tuneplane.job.DataIntake;
import io.tuneplane.job.DecidingPlanner;
import io.tuneplane.job.InProcessEngine;
import io.tuneplane.job.JobWorker;
import io.tuneplane.job.MeasuredSpeeds;
import io.tuneplane.job.Places;
import io.tuneplane.job.PolicySource;
import io.tuneplane.job.PriceBookLibrary;
import io.tuneplane.job.TunedModels;
import io.tuneplane.job.WorldReader;
import io.tuneplane.model.BaseModel;
import io.tuneplane.model.FetchListener;
import io.tuneplane.model.ModelCatalogue;
import io.tuneplane.model.ModelStore;
import io.tuneplane.policy.Clearances;
import io.tuneplane.store.FileDatasetFlags;
import io.tuneplane.store.FileDecisions;
import io.tuneplane.store.FileJobOwners;
import io.tuneplane.store.FileJobs;
import io.tuneplane.store.FileTunedModels;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.TreeSet;

/// The composition root: from settings to a whole Tuneplane, by constructors, top to bottom. Each
/// part is built when it is first asked for, so that a command which reads prices starts nothing.
final class Wiring {

  private final Settings settings;
  private final FetchListener fetches;
  private final InstantSource clock = InstantSource.system();
  private final SecureRandom random = new SecureRandom();
  private final Machine machine = new ThisMachine();

  private final Lazy<ModelCatalogue> catalogue = new Lazy<>(ModelCatalogue::shipped);
  private final Lazy<ModelStore> models = new Lazy<>(this::models);
  private final Lazy<AuditLog> audit = new Lazy<>(this::audit);
  private final Lazy<PolicySource> policy = new Lazy<>(this::policy);
  private final Lazy<Clearances> clearances = new Lazy<>(this::clearances);
  private final Lazy<LocalTraining> training = new Lazy<>(this::training);
  private final Lazy<Places> places = new Lazy<>(this::places);
  private final Lazy<WorldReader> world = new Lazy<>(this::world);
  private final Lazy<TunedModels> tuned = new Lazy<>(this::tuned);
  private final Lazy<InProcessEngine> engine = new Lazy<>(this::engine);

  private Wiring(Settings settings, FetchListener fetches) {
    this.settings = settings;
    this.fetches = fetches;
  }

  /// Connects a command to Tuneplane, in this process.
  static Api connect(GlobalOptions options, FetchListener fetches) {
    Settings settings =
        SettingsReader.read(
            System.getenv(),
            options.config(),
            options.dataDir(),
            Runtime.getRuntime().availableProcessors());
    return new Wiring(settings, fetches).api();
  }

  private Api api() {
    return new InProcess(
        new InProcess.Books(
            new Lazy<>(() -> new InProcessData(this::open, resources())),
            new Lazy<>(() -> new BookCosts(books(), this::measured, clock))),
        new InProcess.Work(
            () -> {
              throw withoutServer("uploaded files");
            },
            new Lazy<>(() -> new InProcessJobs(engine.get())),
            new Lazy<>(this::modelsApi)),
        new InProcess.Governance(
            new Lazy<>(() -> new InProcessDecisions(world.get(), decisions(), clock)),
            new Lazy<>(() -> new InProcessBackends(world.get(), policy.get()::engine, clock)),
            new Lazy<>(() -> new InProcessAttestations(policy.get(), audit::get, clock, actor())),
            new Lazy<>(() -> new InProcessAudit(auditFiles())),
            () -> {
              throw withoutServer("keys");
            }),
        this::close);
  }

  private static RequestException withoutServer(String what) {
    return new RequestException(
        List.of(new Problem("server", "there are no " + what + " without a server; start one")));
  }

  private InProcessModels modelsApi() {
    return new InProcessModels(
        caller(),
        catalogue.get(),
        name -> models.get().cached(name).isPresent(),
        tuned.get(),
        new Answers(places.get(), clearances.get(), clock, Thread::sleep, actor()),
        (backend, model) ->
            ModelEnds.of(books().book(PriceBookLibrary.TODAY, today())).of(backend, model));
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  private Caller caller() {
    return new Caller("key-local", actor(), settings.organisation(), Role.ADMIN, new TreeSet<>());
  }

  private InProcessEngine engine() {
    DecidingPlanner planner =
        new DecidingPlanner(
            new DataIntake(
                (_, file) -> Path.of(file), id -> data("jobs").resolve(id).resolve("data")),
            new FileDatasetFlags(data("datasets")),
            world.get(),
            decisions(),
            clearances.get(),
            new DecidingPlanner.OpenModels(catalogue.get(), this::open, tuned.get()),
            new DecidingPlanner.Chance(clock, random));
    return new InProcessEngine(
        settings.organisation(),
        new FileJobs(data("jobs")),
        new FileJobOwners(data("jobs")),
        new JobWorker.Surroundings(
            planner, places.get(), tuned.get(), random, clock, Thread::sleep));
  }

  private WorldReader world() {
    return new WorldReader(
        places.get(),
        books(),
        policy.get()::texts,
        this::measured,
        new WorldReader.Hardware(catalogue.get(), training.get()::unfit));
  }

  private Places places() {
    return new Places(
        List.of(training.get()),
        List.of(new LocalServing(local(), bases(), runner(), machine, clock)));
  }

  private LocalTraining training() {
    return new LocalTraining(local(), bases(), runner(), machine, clock);
  }

  private LocalSettings local() {
    return new LocalSettings(data("local"), settings.local());
  }

  private BaseModels bases() {
    return new StoredModels(models.get(), fetches);
  }

  private RunnerCommand runner() {
    return RunnerCommand.ofThisProcess(settings.cacheDir().resolve("native"));
  }

  private Clearances clearances() {
    return new Clearances(policy.get()::engine, audit.get());
  }

  private PolicySource policy() {
    return new PolicySource(settings.policyFile(), new AttestationBook(auditFiles()));
  }

  private AuditFiles auditFiles() {
    return new AuditFiles(data("audit"));
  }

  private FileDecisions decisions() {
    return new FileDecisions(data("decisions"));
  }

  private Measurements measured() {
    return MeasuredSpeeds.of(new FileJobs(data("jobs")).list(settings.organisation()));
  }

  private AuditLog audit() {
    return AuditLog.open(data("audit"), clock);
  }

  private TunedModels tuned() {
    return new FileTunedModels(data("models"));
  }

  private ModelStore models() {
    return new ModelStore(settings.cacheDir(), settings.hub(), catalogue.get(), Thread::sleep);
  }

  private BaseModel open(String name) {
    return bases().open(name);
  }

  private PriceBookLibrary books() {
    return new PriceBookLibrary(settings.priceBookFile(), settings.local().hourlyUsd());
  }

  private CheckSettings.Resources resources() {
    return new CheckSettings.Resources(
        settings.local().threads(), Path.of(System.getProperty("java.io.tmpdir")));
  }

  private Path data(String part) {
    return settings.dataDir().resolve(part);
  }

  private static String actor() {
    return System.getProperty("user.name");
  }

  private void close() {
    engine.ifBuilt(InProcessEngine::close);
    places.ifBuilt(Places::close);
    audit.ifBuilt(AuditLog::close);
  }
}
