package io.tuneplane.backend.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tuneplane.backend.RemoteRunners;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/// Lets runners in. A token is the keyed digest of mark, round and a random number; it is computed
/// again to compare, so that nothing kept here opens anything. Safe for many threads, and for many
/// processes that share the folder.
public final class RunnerDoor implements RemoteRunners {

  /// What a token begins with.
  public static final String PREFIX = "tpr-";

  /// How long a token is good after it was last given out.
  static final Duration LIFETIME = Duration.ofDays(30);

  private static final String MARK = "[a-z0-9-]{1,63}";
  private static final int NONCE_BYTES = 16;
  private static final Duration RENEW = Duration.ofDays(1);

  private final Admissions admissions;
  private final UnaryOperator<String> keyed;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final Digests digests = new Digests();
  private final Busy busy = new Busy();

  /// @param folder where it is remembered who is let in; made when it is first needed
  /// @param keyed the keyed digest of a text, in hex; its key is the installation's secret
  /// @param random makes two admissions of one mark and round differ
  public RunnerDoor(
      Path folder, UnaryOperator<String> keyed, RandomGenerator random, InstantSource clock) {
    this.admissions = new Admissions(folder);
    this.keyed = keyed;
    this.random = random;
    this.clock = clock;
  }

  @Override
  public String admit(Admission admission) {
    if (!admission.mark().matches(MARK)) {
      throw new IllegalArgumentException("a mark is [a-z0-9-], 1 to 63 characters");
    }
    return with(() ->
        admissions.hold(
            admission.mark(),
            () -> {
              Admitted admitted = let(admission, admissions.find(admission.mark()));
              return token(admitted);
            }));
  }

  private Admitted let(Admission admission, Optional<Admitted> before) throws IOException {
    long expires = clock.instant().plus(LIFETIME).getEpochSecond();
    if (before.isPresent() && before.get().round() > admission.round()) {
      throw new IllegalArgumentException(
          "round %d of %s was let in already".formatted(before.get().round(), admission.mark()));
    }
    if (before.isPresent() && before.get().round() == admission.round()) {
      Admitted same = before.get().until(expires);
      if (expires - before.get().expires() > RENEW.toSeconds()) {
        admissions.keep(same);
      }
      return same;
    }
    int attempts =
        Math.max(
            before.map(Admitted::attempt).orElse(0),
            new EventFile(admission.folder().resolve(Inputs.EVENTS)).end().attempt());
    Admitted next = Admitted.first(admission, nonce(), expires, attempts);
    admissions.keep(next);
    return next;
  }

  private String nonce() {
    byte[] bytes = new byte[NONCE_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private String token(Admitted admitted) {
    return token(admitted.mark(), admitted.round(), admitted.nonce());
  }

  private String token(String mark, int round, String nonce) {
    return PREFIX + keyed.apply("%s %d %s".formatted(mark, round, nonce));
  }

  @Override
  public void ask(String mark, Wish wish) {
    boolean _ =
        with(() ->
            admissions.hold(
                mark,
                () -> {
                  Optional<Admitted> now = admissions.find(mark);
                  if (now.isPresent() && now.get().wish() != wish) {
                    admissions.keep(now.get().asked(wish));
                  }
                  return true;
                }));
  }

  @Override
  public void dismiss(String mark) {
    boolean _ =
        with(() ->
            admissions.hold(
                mark,
                () -> {
                  admissions.forget(mark);
                  return true;
                }));
  }

  /// Lets a runner to its run's desk, if its token is good for it.
  ///
  /// @param mark what the runner says it works on, whatever that is
  /// @param token what it shows, whatever that is
  public Optional<RunnerDesk> enter(String mark, String token) {
    return with(() -> {
      Optional<Admitted> admitted = mark.matches(MARK) ? admissions.find(mark) : Optional.empty();
      // The same work for a mark that nobody knows.
      String good = admitted.map(this::token).orElseGet(() -> token("", 0, ""));
      boolean same = MessageDigest.isEqual(good.getBytes(UTF_8), token.getBytes(UTF_8));
      long now = clock.instant().getEpochSecond();
      return admitted
          .filter(a -> same && now < a.expires())
          .map(a -> new RunnerDesk(a, admissions, digests, busy));
    });
  }

  private static <T> T with(Admissions.Work<T> work) {
    try {
      return work.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
