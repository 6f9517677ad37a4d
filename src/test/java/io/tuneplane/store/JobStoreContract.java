package io.tuneplane.store;

import static io.tuneplane.store.StoredThings.NOW;
import static io.tuneplane.store.StoredThings.checkpoint;
import static io.tuneplane.store.StoredThings.egress;
import static io.tuneplane.store.StoredThings.event;
import static io.tuneplane.store.StoredThings.events;
import static io.tuneplane.store.StoredThings.inState;
import static io.tuneplane.store.StoredThings.job;
import static io.tuneplane.store.StoredThings.model;
import static io.tuneplane.store.StoredThings.running;
import static io.tuneplane.store.StoredThings.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.job.Advance;
import io.tuneplane.job.Job;
import io.tuneplane.job.JobEvent;
import io.tuneplane.job.JobStatus;
import io.tuneplane.job.JobStore.Stored;
import io.tuneplane.job.Sent;
import io.tuneplane.job.SentBeforeException;
import io.tuneplane.job.StaleJobException;
import io.tuneplane.job.StorageException;
import io.tuneplane.job.TunedModel;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Jobs are kept whole or not at all, whoever else is at them.
abstract class JobStoreContract extends StoreContract {

  private static final String MODEL = "ft:smollm2-135m-instruct:default:support:abcd1234";

  @Test
  void aJobComesBackAsItWas() {
    Job job = job("ftjob-a");

    store.jobs().create(job, events(1, 2), NOW.plusSeconds(1));

    SqlJobs jobs = store.jobs();
    assertThat(jobs.load("ftjob-a")).contains(new Stored(job, 1, 2));
    assertThat(jobs.find("default", "ftjob-a")).contains(new Stored(job, 1, 2));
    assertThat(jobs.events("ftjob-a", 0, 10)).containsExactly(event(1), event(2));
    assertThat(jobs.wakeAt("ftjob-a")).contains(micros(NOW.plusSeconds(1)));
  }

  @Test
  void whatIsKeptIsThereAfterReopening() {
    store.jobs().create(job("ftjob-a"), events(1, 1), NOW);

    try (StoreFixture again = store.again()) {
      assertThat(again.jobs().load("ftjob-a")).contains(new Stored(job("ftjob-a"), 1, 1));
    }
  }

  @Test
  void aJobIsCreatedOnce() {
    store.jobs().create(job("ftjob-a"), events(1, 1), NOW);

    assertThatThrownBy(() -> store.jobs().create(job("ftjob-a"), events(1, 3), NOW))
        .isInstanceOf(StorageException.class);
    assertThat(store.jobs().events("ftjob-a", 0, 10)).containsExactly(event(1));
  }

  @Test
  void aRequestUnderAKeyMakesOneJob() {
    SqlJobs jobs = store.jobs();
    assertThat(jobs.made("default", keyed("k", "print"))).isEmpty();

    assertThat(jobs.create(job("ftjob-a"), events(1, 1), NOW, keyed("k", "print"))).isEmpty();
    assertThat(jobs.create(job("ftjob-b"), events(1, 1), NOW, keyed("k", "print")))
        .contains("ftjob-a");

    assertThat(jobs.load("ftjob-b")).isEmpty();
    try (StoreFixture again = store.again()) {
      assertThat(again.jobs().made("default", keyed("k", "print"))).contains("ftjob-a");
      assertThat(again.jobs().made("other", keyed("k", "print"))).isEmpty();
      assertThatThrownBy(() -> again.jobs().made("default", keyed("k", "another")))
          .isInstanceOf(SentBeforeException.class);
      assertThatThrownBy(
              () -> again.jobs().create(job("ftjob-c"), List.of(), NOW, keyed("k", "another")))
          .isInstanceOf(SentBeforeException.class);
    }
  }

  /// A job that could not be kept leaves its request's key free.
  @Test
  void aRequestIsKeptWithItsJobOrNotAtAll() {
    SqlJobs jobs = store.jobs();
    jobs.create(job("ftjob-a"), events(1, 1), NOW);

    assertThatThrownBy(() -> jobs.create(job("ftjob-a"), List.of(), NOW, keyed("k", "print")))
        .isInstanceOf(StorageException.class);

    assertThat(jobs.made("default", keyed("k", "print"))).isEmpty();
    assertThat(jobs.create(job("ftjob-b"), List.of(), NOW, keyed("k", "print"))).isEmpty();
  }

  /// Through two servers at once, as a balancer sends them.
  @Test
  void aHundredAttemptsAtOnceMakeOneJob() {
    try (StoreFixture other = store.again()) {
      List<SqlJobs> servers = List.of(store.jobs(), other.jobs());
      Race.run(
          10,
          thread -> {
            for (int i = 0; i < 5; i++) {
              SqlJobs jobs = servers.get((thread + i) % 2);
              String id = "-%d-%d".formatted(thread, i);
              jobs.create(job("ftjob-k" + id), List.of(), NOW, keyed("k", "print"));
              jobs.create(job("ftjob-r" + id), List.of(), NOW, unnamed(true, NOW));
            }
          });
    }
    assertThat(store.jobs().list("default", Optional.empty(), 200, Map.of())).hasSize(2);
  }

  @Test
  void aRetryWithoutAKeyIsKnownByItsFingerprint() {
    SqlJobs jobs = store.jobs();
    jobs.create(job("ftjob-a"), List.of(), NOW, unnamed(false, NOW));
    assertThat(jobs.create(job("ftjob-b"), List.of(), NOW, unnamed(false, NOW))).isEmpty();

    assertThat(jobs.made("default", unnamed(true, NOW.plusSeconds(1)))).isEmpty();
    assertThat(jobs.made("other", unnamed(true, NOW))).isEmpty();
    assertThat(jobs.create(job("ftjob-c"), List.of(), NOW, unnamed(true, NOW.minusSeconds(9))))
        .isPresent();
    jobs.forget(NOW.plusSeconds(1));
    assertThat(jobs.made("default", unnamed(true, NOW.minusSeconds(9)))).isEmpty();
  }

  /// The first attempt stood still on its way in, and the retry was carried out meanwhile.
  @Test
  void aFirstAttemptThatItsRetryOvertookIsTheRetrys() {
    SqlJobs jobs = store.jobs();
    jobs.create(job("ftjob-a"), List.of(), NOW, unnamed(true, NOW.minusSeconds(600)));

    assertThat(jobs.create(job("ftjob-b"), List.of(), NOW, unnamed(false, NOW.minusSeconds(2))))
        .contains("ftjob-a");
    assertThat(jobs.create(job("ftjob-c"), List.of(), NOW, unnamed(false, NOW.plusSeconds(2))))
        .isEmpty();
  }

  @Test
  void theDataOfAJobGoesOnceItHasEnded() throws IOException {
    SqlJobs jobs = store.jobs();
    JobFolders folders = new JobFolders(dir.resolve("jobs"), jobs);
    jobs.create(job("ftjob-a"), List.of(), NOW);
    jobs.create(job("ftjob-b"), List.of(), NOW);
    jobs.advance(step(inState(job("ftjob-b"), JobStatus.SUCCEEDED), 1, List.of()));
    for (String id : List.of("ftjob-a", "ftjob-b", "ftjob-unknown")) {
      Files.createDirectories(dir.resolve("jobs").resolve(id).resolve("data"));
      Files.writeString(dir.resolve("jobs").resolve(id).resolve("data/train.jsonl"), "{}");
    }

    folders.sweep(Instant.now());
    assertThat(dir.resolve("jobs/ftjob-a/data/train.jsonl")).exists();
    assertThat(dir.resolve("jobs/ftjob-b")).doesNotExist();
    assertThat(dir.resolve("jobs/ftjob-unknown")).exists();

    folders.sweep(Instant.now().plus(JobFolders.GRACE).plusSeconds(9));
    assertThat(dir.resolve("jobs/ftjob-a")).exists();
    assertThat(dir.resolve("jobs/ftjob-unknown")).doesNotExist();
  }

  private static Sent keyed(String key, String fingerprint) {
    return new Sent(Optional.of(key), false, fingerprint, NOW);
  }

  private static Sent unnamed(boolean retry, Instant alike) {
    return new Sent(Optional.empty(), retry, "unnamed", alike);
  }

  @Test
  void aStepKeepsEverythingThatCameWithIt() {
    SqlJobs jobs = store.jobs();
    jobs.create(job("ftjob-a"), events(1, 1), NOW);

    jobs.advance(fullStep(1, 2));

    assertThat(jobs.load("ftjob-a")).contains(new Stored(running(job("ftjob-a")), 2, 3));
    assertThat(jobs.events("ftjob-a", 1, 10)).containsExactly(event(2), event(3));
    assertThat(jobs.checkpoints("ftjob-a", Optional.empty(), 10))
        .containsExactly(checkpoint("ftjob-a", 7));
    assertThat(jobs.wakeAt("ftjob-a")).contains(micros(NOW.plusSeconds(9)));
    assertThat(store.models().find("default", MODEL)).isPresent();
    assertThat(store.audit().lines()).hasSize(1);
    assertThat(spent()).isEqualByComparingTo("1.25");
  }

  /// Whatever statement fails, nothing of the step is there, and the same step works afterwards.
  @Test
  void aStepThatFailsAnywhereLeavesNothing() {
    store.jobs().create(job("ftjob-a"), events(1, 1), NOW);
    store.audit();

    int failures = 0;
    for (int at = 1; ; at++) {
      FailingStatements failing = new FailingStatements(store.database().connections(), at);
      try (Database broken = failing.database(store.url().isPresent())) {
        SqlJobs jobs = new SqlJobs(broken, SqlAudit.open(broken, store.secrets()), store.models());
        failing.arm();
        jobs.advance(fullStep(1, 2));
        break;
      } catch (StorageException e) {
        failures++;
        assertThat(e).hasRootCauseMessage("injected");
        assertNothingOfTheStep();
      }
    }
    assertThat(failures).as("statements and the commit of a full step").isGreaterThan(8);
    assertThat(store.jobs().load("ftjob-a").orElseThrow().version()).isEqualTo(2);
    assertThat(store.audit().verify(Optional.empty()).lines()).isEqualTo(1);
    assertThat(spent()).isEqualByComparingTo("1.25");
  }

  private void assertNothingOfTheStep() {
    SqlJobs jobs = store.jobs();
    assertThat(jobs.load("ftjob-a")).contains(new Stored(job("ftjob-a"), 1, 1));
    assertThat(jobs.events("ftjob-a", 0, 10)).containsExactly(event(1));
    assertThat(jobs.checkpoints("ftjob-a", Optional.empty(), 10)).isEmpty();
    assertThat(jobs.wakeAt("ftjob-a")).contains(micros(NOW));
    assertThat(store.models().list("default")).isEmpty();
    assertThat(store.audit().lines()).isEmpty();
    assertThat(spent()).isZero();
  }

  private static Advance fullStep(long version, long seq) {
    TunedModel model = model(MODEL, "default", Optional.empty());
    return new Advance(
        running(job("ftjob-a")),
        version,
        events(seq, seq + 1),
        List.of(checkpoint("ftjob-a", 7)),
        List.of(egress("data")),
        List.of(model),
        Optional.of(
            new Advance.Spending(
                YearMonth.of(2026, 11),
                new BigDecimal("1.25"),
                false,
                Optional.of(BigDecimal.TEN))),
        Optional.of(NOW.plusSeconds(9)));
  }

  private BigDecimal spent() {
    return store
        .database()
        .read(tx -> Budget.used(tx, StoredThings.ORGANISATION, YearMonth.of(2026, 11)));
  }

  @Test
  void aStepFromAnOldVersionIsRefusedWhole() {
    SqlJobs jobs = store.jobs();
    jobs.create(job("ftjob-a"), events(1, 1), NOW);
    jobs.advance(step(running(job("ftjob-a")), 1, events(2, 2)));

    assertThatThrownBy(() -> jobs.advance(fullStep(1, 3))).isInstanceOf(StaleJobException.class);

    assertThat(jobs.load("ftjob-a").orElseThrow().version()).isEqualTo(2);
    assertThat(jobs.events("ftjob-a", 0, 10)).hasSize(2);
    assertThat(store.audit().lines()).isEmpty();
  }

  @Test
  void aGapInTheEventsIsRefused() {
    SqlJobs jobs = store.jobs();
    jobs.create(job("ftjob-a"), events(1, 1), NOW);

    assertThatThrownBy(() -> jobs.advance(step(running(job("ftjob-a")), 1, events(3, 3))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("event 3 after 1");
    assertThatThrownBy(() -> jobs.create(job("ftjob-b"), events(2, 2), NOW))
        .hasMessage("event 2 after 0");
    assertThat(jobs.load("ftjob-b")).isEmpty();
  }

  @Test
  void aStepOfAJobThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> store.jobs().advance(step(job("ftjob-a"), 1, List.of())))
        .hasMessage("there is no job ftjob-a");
  }

  /// Eight threads, half of them of another server, all advance one job: every step counts once,
  /// and the events have neither gap nor double.
  @Test
  void whoeverRacesStepsFollowOneAnother() {
    store.jobs().create(job("ftjob-a"), List.of(), NOW);
    try (StoreFixture other = store.again()) {
      Race.run(
          8,
          thread -> {
            SqlJobs jobs = (thread % 2 == 0 ? store : other).jobs();
            for (int kept = 0; kept < 10; ) {
              Stored now = jobs.load("ftjob-a").orElseThrow();
              try {
                jobs.advance(
                    step(
                        running(now.job()),
                        now.version(),
                        events(now.lastSeq() + 1, now.lastSeq() + 2)));
                kept++;
              } catch (StaleJobException _) {
                // Somebody else was first: read again.
              }
            }
          });
    }

    Stored stored = store.jobs().load("ftjob-a").orElseThrow();
    assertThat(stored.version()).isEqualTo(81);
    assertThat(stored.lastSeq()).isEqualTo(160);
    assertThat(store.jobs().events("ftjob-a", 0, 1000)).isEqualTo(events(1, 160));
  }

  @Test
  void eventsComeInPagesBothWays() {
    SqlJobs jobs = store.jobs();
    jobs.create(job("ftjob-a"), events(1, 10), NOW);

    assertThat(jobs.events("ftjob-a", 3, 2)).containsExactly(event(4), event(5));
    assertThat(jobs.eventsBefore("ftjob-a", Optional.empty(), 2))
        .containsExactly(event(10), event(9));
    assertThat(jobs.eventsBefore("ftjob-a", Optional.of(3L), 5))
        .containsExactly(event(2), event(1));
    assertThat(jobs.events("ftjob-b", 0, 10)).isEmpty();
  }

  @Test
  void checkpointsComeNewestFirst() {
    SqlJobs jobs = store.jobs();
    jobs.create(job("ftjob-a"), List.of(), NOW);
    Advance step =
        new Advance(
            running(job("ftjob-a")),
            1,
            List.of(),
            IntStream.rangeClosed(1, 12).mapToObj(n -> checkpoint("ftjob-a", n)).toList(),
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty());
    jobs.advance(step);

    assertThat(jobs.checkpoints("ftjob-a", Optional.empty(), 2))
        .containsExactly(checkpoint("ftjob-a", 12), checkpoint("ftjob-a", 11));
    assertThat(jobs.checkpoints("ftjob-a", Optional.of("ftckpt_ftjob-a11"), 2))
        .containsExactly(checkpoint("ftjob-a", 10), checkpoint("ftjob-a", 9));
    assertThat(jobs.checkpoints("ftjob-a", Optional.of("ftckpt_none"), 2)).isEmpty();
    assertThat(jobs.wakeAt("ftjob-a")).isEmpty();
  }

  /// Pages of any size, put together, are the whole list: with jobs of the same instant too.
  @Test
  void pagesPutTogetherAreTheList() {
    Random random = new Random(7);
    List<Job> all = new ArrayList<>();
    SqlJobs jobs = store.jobs();
    for (int i = 0; i < 40; i++) {
      Job job =
          job(
              "ftjob-" + Integer.toString(1000 + i),
              "default",
              NOW.plusMillis(random.nextInt(5)),
              Map.of("n", Integer.toString(i % 3)));
      jobs.create(job, List.of(), NOW);
      all.add(job);
    }
    jobs.create(job("ftjob-x", "other", NOW, Map.of()), List.of(), NOW);
    List<Job> expected =
        all.stream()
            .sorted(
                java.util.Comparator.comparing(Job::createdAt).thenComparing(Job::id).reversed())
            .toList();

    for (int size : new int[] {1, 7, 40, 100}) {
      assertThat(pages(jobs, size, Map.of())).as("pages of %d", size).isEqualTo(expected);
    }
    assertThat(pages(jobs, 4, Map.of("n", "1")))
        .isEqualTo(
            expected.stream().filter(j -> "1".equals(j.request().metadata().get("n"))).toList());
  }

  private static List<Job> pages(SqlJobs jobs, int size, Map<String, String> metadata) {
    List<Job> all = new ArrayList<>();
    Optional<String> after = Optional.empty();
    while (true) {
      List<Job> page = jobs.list("default", after, size, metadata);
      all.addAll(page);
      if (page.size() < size) {
        return all;
      }
      after = Optional.of(page.getLast().id());
    }
  }

  @Test
  void onlyJobsWithAllTheLabelsAreListed() {
    SqlJobs jobs = store.jobs();
    jobs.create(job("ftjob-a", "default", NOW, Map.of("team", "a", "run", "1")), List.of(), NOW);
    jobs.create(job("ftjob-b", "default", NOW, Map.of("team", "a", "run", "2")), List.of(), NOW);
    jobs.create(job("ftjob-c", "other", NOW, Map.of("team", "a", "run", "2")), List.of(), NOW);

    assertThat(ids(Map.of("team", "a"))).containsExactly("ftjob-b", "ftjob-a");
    assertThat(ids(Map.of("team", "a", "run", "2"))).containsExactly("ftjob-b");
    assertThat(ids(Map.of("team", "a", "run", "3"))).isEmpty();
    // No two pairs of name and value are taken for the same.
    assertThat(ids(Map.of("tea", "ma"))).isEmpty();
  }

  private List<String> ids(Map<String, String> metadata) {
    return store.jobs().list("default", Optional.empty(), 10, metadata).stream()
        .map(Job::id)
        .toList();
  }

  @Test
  void anotherOrganisationsJobIsNotThere() {
    SqlJobs jobs = store.jobs();
    jobs.create(job("ftjob-a"), List.of(), NOW);

    assertThat(jobs.find("other", "ftjob-a")).isEmpty();
    assertThat(jobs.list("other", Optional.empty(), 10, Map.of())).isEmpty();
    assertThat(jobs.list("other", Optional.of("ftjob-a"), 10, Map.of())).isEmpty();
  }

  @Test
  void jobsThatAreDueAreNamedOldestFirst() {
    SqlJobs jobs = store.jobs();
    jobs.create(job("ftjob-a"), List.of(), NOW.plusSeconds(2));
    jobs.create(job("ftjob-b"), List.of(), NOW.plusSeconds(1));
    jobs.create(job("ftjob-c"), List.of(), NOW.plusSeconds(9));
    jobs.create(job("ftjob-d"), List.of(), NOW);
    Job ended = StoredThings.inState(job("ftjob-d"), JobStatus.FAILED);
    jobs.advance(
        new Advance(
            ended,
            1,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty()));

    assertThat(jobs.due(NOW.plusSeconds(5), 10)).containsExactly("ftjob-b", "ftjob-a");
    assertThat(jobs.due(NOW.plusSeconds(5), 1)).containsExactly("ftjob-b");
    assertThat(jobs.wakeAt("ftjob-d")).isEmpty();
    assertThat(jobs.wakeAt("ftjob-none")).isEmpty();
  }

  /// SQL, NUL, half surrogates, quotes: values, and nothing else.
  @Test
  void hostileTextIsOnlyText() {
    List<String> hostile =
        List.of(
            "' OR '1'='1",
            "x'; DROP TABLE jobs; --",
            "\"; DELETE FROM jobs WHERE \"1\"=\"1",
            "nul\0byte",
            "half\uD800pair",
            "%",
            "../../etc/passwd",
            "{\"$gt\": \"\"}",
            "a".repeat(100_000));
    SqlJobs jobs = store.jobs();
    jobs.create(job("ftjob-a"), events(1, 1), NOW);
    for (String text : hostile) {
      assertThat(jobs.load(text)).isEmpty();
      assertThat(jobs.find(text, text)).isEmpty();
      assertThat(jobs.find(text, "ftjob-a")).isEmpty();
      assertThat(jobs.list(text, Optional.of(text), 10, Map.of(text, text))).isEmpty();
      assertThat(jobs.events(text, 0, 10)).isEmpty();
      assertThat(jobs.checkpoints(text, Optional.of(text), 10)).isEmpty();
    }
    for (int i = 0; i < hostile.size(); i++) {
      String text = hostile.get(i);
      Job job = job("ftjob-h" + i, "default", NOW, Map.of(text, text));
      JobEvent event =
          new JobEvent(
              1,
              NOW,
              JobEvent.Type.MESSAGE,
              JobEvent.Level.INFO,
              text,
              new LinkedHashMap<>(Map.of(text, text)));
      jobs.create(job, List.of(event), NOW);
      assertThat(ids(Map.of(text, text))).as("%.20s", text).containsExactly("ftjob-h" + i);
    }
    assertThat(jobs.list("default", Optional.empty(), 100, Map.of())).hasSize(1 + hostile.size());
    assertThat(jobs.events("ftjob-h3", 0, 10).getFirst().message()).isEqualTo("nul\0byte");
  }

  @Test
  void reservationsNeverGoOverTheLimitHoweverManyComeAtOnce() {
    SqlJobs jobs = store.jobs();
    List<Job> all = IntStream.range(0, 200).mapToObj(i -> job("ftjob-" + i)).toList();
    all.forEach(job -> jobs.create(job, List.of(), NOW));

    List<String> kept = Collections.synchronizedList(new ArrayList<>());
    List<String> refused = Collections.synchronizedList(new ArrayList<>());
    Race.run(
        20,
        thread -> {
          SqlJobs mine = store.jobs();
          for (Job job : all.subList(thread * 10, thread * 10 + 10)) {
            try {
              mine.advance(reserving(job, 1, "0.70", false));
              kept.add(job.id());
            } catch (io.tuneplane.job.BudgetExceededException e) {
              refused.add(String.valueOf(e.getMessage()));
            }
          }
        });

    // 14 x 0.70 = 9.80; a fifteenth would be 10.50.
    assertThat(kept).hasSize(14);
    assertThat(refused).hasSize(186);
    assertThat(refused.getLast())
        .isEqualTo("the organisation's budget of $10 holds $9.80 already; $0.70 more does not fit");
    assertThat(spent()).isEqualByComparingTo("9.80");
    String in = kept.getFirst();
    assertThat(jobs.load(in).orElseThrow().version()).isEqualTo(2);
  }

  @Test
  void whatWasReallySpentTakesTheReservationsPlace() {
    SqlJobs jobs = store.jobs();
    jobs.create(job("ftjob-a"), List.of(), NOW);
    jobs.advance(reserving(job("ftjob-a"), 1, "8", false));
    jobs.advance(reserving(job("ftjob-a"), 2, "0.0000001", true));
    // Rounded up to a millionth, never down.
    assertThat(spent()).isEqualByComparingTo("0.000001");
    // A fact is kept, over the limit too.
    jobs.advance(reserving(job("ftjob-a"), 3, "12", true));
    assertThat(spent()).isEqualByComparingTo("12");
  }

  private static Advance reserving(Job job, long version, String usd, boolean settled) {
    return new Advance(
        running(job),
        version,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Optional.of(
            new Advance.Spending(
                YearMonth.of(2026, 11), new BigDecimal(usd), settled, Optional.of(BigDecimal.TEN))),
        Optional.of(NOW));
  }

  private static Instant micros(Instant instant) {
    return instant.truncatedTo(java.time.temporal.ChronoUnit.MICROS);
  }
}
