package io.tuneplane;

import io.tuneplane.access.Caller;
import io.tuneplane.access.KeyRing;
import io.tuneplane.access.Secrets;
import io.tuneplane.access.Vault;
import io.tuneplane.api.Api;
import io.tuneplane.api.BookCosts;
import io.tuneplane.api.InProcessAttestations;
import io.tuneplane.api.InProcessAudit;
import io.tuneplane.api.InProcessBackends;
import io.tuneplane.api.InProcessData;
import io.tuneplane.api.InProcessDecisions;
import io.tuneplane.api.InProcessFiles;
import io.tuneplane.api.InProcessJobs;
import io.tuneplane.api.InProcessKeys;
import io.tuneplane.api.InProcessMigrations;
import io.tuneplane.api.InProcessModels;
import io.tuneplane.api.InProcessProviderKeys;
import io.tuneplane.api.ModelEnds;
import io.tuneplane.backend.PastJobs;
import io.tuneplane.backend.RemoteRunners;
import io.tuneplane.backend.local.BaseModels;
import io.tuneplane.backend.openai.OpenAiSettings;
import io.tuneplane.backend.remote.RunnerDoor;
import io.tuneplane.cli.Version;
import io.tuneplane.client.LocalServer;
import io.tuneplane.config.Settings;
import io.tuneplane.cost.Measurements;
import io.tuneplane.cost.PriceBook;
import io.tuneplane.dataset.CheckSettings;
import io.tuneplane.http.Surroundings;
import io.tuneplane.job.Answers;
import io.tuneplane.job.AttestationBook;
import io.tuneplane.job.DataIntake;
import io.tuneplane.job.DbTimers;
import io.tuneplane.job.Deadlines;
import io.tuneplane.job.DecidingPlanner;
import io.tuneplane.job.Deployed;
import io.tuneplane.job.JobEngine;
import io.tuneplane.job.JobRules;
import io.tuneplane.job.MeasuredSpeeds;
import io.tuneplane.job.Places;
import io.tuneplane.job.PolicySource;
import io.tuneplane.job.PriceBookLibrary;
import io.tuneplane.job.StorageException;
import io.tuneplane.job.WorldReader;
import io.tuneplane.migration.AccountImport;
import io.tuneplane.migration.ParityRecorder;
import io.tuneplane.model.ModelCatalogue;
import io.tuneplane.model.ModelStore;
import io.tuneplane.policy.Clearances;
import io.tuneplane.store.Database;
import io.tuneplane.store.HostId;
import io.tuneplane.store.JobFolders;
import io.tuneplane.store.SqlAudit;
import io.tuneplane.store.SqlDatasetFlags;
import io.tuneplane.store.SqlDecisions;
import io.tuneplane.store.SqlFiles;
import io.tuneplane.store.SqlJobs;
import io.tuneplane.store.SqlKeys;
import io.tuneplane.store.SqlReplies;
import io.tuneplane.store.SqlSealedKeys;
import io.tuneplane.store.SqlTunedModels;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// The composition root of a server: from settings to a whole Tuneplane, by constructors, top to
/// bottom. Closing it closes everything in the other order.
final class Wiring implements AutoCloseable {

  private static final Duration SOON = Duration.ofMinutes(5);

  /// How long an idempotency key is known.
  private static final Duration REPLIES_KEPT = Duration.ofDays(7);

  private static final int MEASURED_JOBS = 200;

  private final Settings settings;
  private final Housekeeping housekeeping = new Housekeeping();
  private final Activity activity = new Activity(System::nanoTime);
  private final SecureRandom random = new SecureRandom();
  private final ModelCatalogue catalogue = ModelCatalogue.shipped();
  private final PriceBookLibrary books;
  private final BaseModels bases;

  private final Database database;
  private final InstantSource clock;
  private final SqlAudit audit;
  private final SqlTunedModels tuned;
  private final SqlJobs jobs;
  private final JobFolders folders;
  private final SqlFiles files;
  private final SqlDecisions decisions;
  private final SqlReplies replies;
  private final KeyRing keys;
  private final Vault vault;
  private final RunnerDoor runners;

  private final PolicySource policy;
  private final Clearances clearances;
  private final Places places;
  private final List<PastJobs> accounts;
  private final WorldReader world;
  private final JobEngine engine;

  /// Makes the places that settings ask for.
  interface Making {
    Backends of(
        Settings settings,
        BaseModels bases,
        Supplier<PriceBook> prices,
        ProviderKeys kept,
        RemoteRunners runners,
        InstantSource clock);
  }

  /// Opens the data directory. Nothing is worked on before [#start].
  Wiring(Settings settings, Making places) throws IOException {
    this.settings = settings;
    this.books = new PriceBookLibrary(settings.priceBookFile(), settings.local().hourlyUsd());
    this.bases =
        new StoredModels(
            new ModelStore(settings.cacheDir(), settings.hub(), catalogue, Thread::sleep),
            new FetchLog());

    Secrets secrets = Secrets.open(settings.dataDir(), settings.storage().secretFile());
    this.database = Database.open(settings.dataDir(), settings.storage().database());
    this.clock = database.clock();
    this.audit = SqlAudit.open(database, secrets);
    this.tuned = new SqlTunedModels(database, settings.storage().artifacts());
    this.jobs = new SqlJobs(database, audit, tuned);
    this.folders = new JobFolders(settings.storage().artifacts().resolve("jobs"), jobs);
    this.files = new SqlFiles(database, settings.storage().artifacts(), random, clock);
    this.decisions = new SqlDecisions(database);
    this.replies = new SqlReplies(database);
    this.vault = new Vault(new SqlSealedKeys(database), secrets, clock);
    this.keys = new KeyRing(new SqlKeys(database), secrets, random, clock, System::nanoTime);

    this.runners = new RunnerDoor(data("runners"), secrets::admit, random, clock);

    this.policy = new PolicySource(settings.policyFile(), new AttestationBook(audit));
    policy.policy(); // what is wrong with the policy's file stops the start
    this.clearances = new Clearances(policy::engine, audit);
    Backends backends =
        places.of(settings, bases, this::today, new ProviderKeys(vault), runners, clock);
    this.places = backends.places();
    this.accounts = backends.accounts();
    this.world =
        new WorldReader(
            this.places,
            books,
            policy::texts,
            this::measured,
            new WorldReader.Hardware(catalogue, backends.unfit()));
    this.engine = engine(HostId.of(settings.dataDir()));
  }

  private JobEngine engine(String host) {
    DecidingPlanner planner =
        new DecidingPlanner(
            new DataIntake(DataIntake.Sources.of(files), settings.storage().artifacts()),
            new SqlDatasetFlags(database),
            world,
            decisions,
            clearances,
            new DecidingPlanner.OpenModels(catalogue, bases::open, tuned),
            new DecidingPlanner.Chance(clock, random));
    return new JobEngine(
        new JobEngine.Stores(jobs, tuned, files),
        new JobEngine.Reach(planner, places),
        new DbTimers(
            database.connections(),
            clock,
            DbTimers.Settings.of(host, Optional.of(host), database.isShared())),
        new JobEngine.Chance(clock, random, Thread::sleep),
        new JobEngine.Setup(
            Optional.of(host),
            new JobRules(Deadlines.DEFAULT, settings.jobs().monthlyUsd()),
            settings.jobs().aliases()));
  }

  /// The administrator's key, where this is the first start.
  Optional<KeyRing.Made> firstKey() throws IOException {
    return keys.bootstrap(data(LocalServer.ADMIN_KEY), settings.organisation());
  }

  /// Begins to work on jobs, and to take away what crashes left and nobody needs any more.
  void start() {
    engine.start();
    housekeeping.start(chores(), Duration.ofDays(1));
  }

  private List<Housekeeping.Chore> chores() {
    return List.of(
        new Housekeeping.Chore("removing files that nothing names", files::sweep),
        new Housekeeping.Chore(
            "removing weights that nothing names", () -> tuned.sweep(clock.instant())),
        new Housekeeping.Chore(
            "removing the data of ended jobs", () -> folders.sweep(clock.instant())),
        new Housekeeping.Chore("forgetting answers", () -> replies.forget(oldestReply())),
        new Housekeeping.Chore("forgetting requests", () -> jobs.forget(oldestReply())));
  }

  private Instant oldestReply() {
    return clock.instant().minus(REPLIES_KEPT);
  }

  /// What the HTTP server stands on.
  Surroundings surroundings() {
    return new Surroundings(
        this::api,
        keys::authenticate,
        runners,
        replies,
        new Surroundings.State(Version.text(), this::trouble, jobs::countByStatus),
        clock,
        Thread::sleep);
  }

  Activity activity() {
    return activity;
  }

  /// Whether a job is being worked on, or will be soon.
  boolean hasWork() {
    return !jobs.due(clock.instant().plus(SOON), 1).isEmpty();
  }

  private Api api(Caller caller) {
    activity.touch();
    return new CallerApi(
        new CallerApi.Books(
            () -> new InProcessData(bases::open, resources()),
            () -> new BookCosts(books, this::measured, clock)),
        new CallerApi.Work(
            () -> new InProcessFiles(caller, files),
            () -> new InProcessJobs(caller, engine, new ModelEnds(world, clock)),
            () -> activity.watching(models(caller)),
            () -> migrations(caller)),
        new CallerApi.Governance(
            () -> new InProcessDecisions(caller, world, decisions, files, clock),
            () -> new InProcessBackends(world, policy::engine, books, clock),
            () ->
                new InProcessAttestations(
                    policy, () -> audit, clock, caller, settings.organisation()),
            () -> new InProcessAudit(caller, settings.organisation(), audit),
            () -> new InProcessKeys(caller, keys, clock),
            () ->
                new InProcessProviderKeys(
                    caller,
                    settings.organisation(),
                    vault,
                    Map.of(OpenAiSettings.NAME, settings.openai().apiKey().isPresent()))),
        () -> {});
  }

  /// The installation's accounts are its own organisation's to import from.
  private InProcessMigrations migrations(Caller caller) {
    Answers answers = new Answers(places, clearances, clock, Thread::sleep, caller.keyId());
    return new InProcessMigrations(
        caller,
        caller.organisation().equals(settings.organisation()) ? imports() : Map.of(),
        jobs,
        tuned,
        new ParityRecorder(answers::ask, files, clock));
  }

  private Map<String, AccountImport> imports() {
    return accounts.stream()
        .collect(
            Collectors.toMap(
                PastJobs::backend,
                past ->
                    new AccountImport(
                        past, places.training(past.backend()).orElseThrow(), jobs, files, clock)));
  }

  private InProcessModels models(Caller caller) {
    return new InProcessModels(
        caller,
        catalogue,
        bases::isHere,
        tuned,
        new Answers(places, clearances, clock, Thread::sleep, caller.keyId()),
        new Deployed(places),
        new ModelEnds(world, clock));
  }

  private PriceBook today() {
    return books.book(PriceBookLibrary.TODAY, LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
  }

  private Measurements measured() {
    return MeasuredSpeeds.of(
        jobs.list(settings.organisation(), Optional.empty(), MEASURED_JOBS, Map.of()));
  }

  private Optional<String> trouble() {
    try {
      database.ping();
      return Optional.empty();
    } catch (StorageException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private CheckSettings.Resources resources() {
    return new CheckSettings.Resources(
        settings.local().threads(), Path.of(System.getProperty("java.io.tmpdir")));
  }

  private Path data(String part) {
    return settings.dataDir().resolve(part);
  }

  @Override
  public void close() {
    housekeeping.close();
    engine.close();
    accounts.forEach(PastJobs::close);
    places.close();
    database.close();
  }
}
