package io.tuneplane.policy;

import io.tuneplane.policy.AuditEvent.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/// The only maker of clearances: judges, writes the audit line, and only then makes one. Threads
/// may share it where they may share the ledger.
public final class Clearances {

  /// How long leave to train is good for: long enough to upload a file and submit the job.
  public static final Duration TRAINING = Duration.ofHours(1);

  /// How long leave to send prompts is good for.
  public static final Duration PROMPT = Duration.ofMinutes(5);

  /// How far the clock may be behind the newest audit line before attestations stop counting: a
  /// clock that was set back would bring expired ones back to life.
  static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);

  private final Supplier<PolicyEngine> policy;
  private final Ledger ledger;

  /// Clearances by this policy, each recorded in this ledger first.
  public Clearances(PolicyEngine engine, Ledger ledger) {
    this(() -> engine, ledger);
  }

  /// Clearances by the policy as it is at each question.
  public Clearances(Supplier<PolicyEngine> policy, Ledger ledger) {
    this.policy = policy;
    this.ledger = ledger;
  }

  /// Asks for leave.
  ///
  /// @param question what would go where, and why
  /// @param subject the data set's digest in hex, or the deployment's name
  /// @param actor who asks: a key's id, or the user of this machine
  /// @param now the time
  /// @throws PolicyRefusedException if it may not go; the refusal is in the audit log
  public Clearance request(Question question, String subject, String actor, Instant now) {
    PolicyEngine engine = policy.get();
    Request request =
        new Request(question, subject, actor, engine.location(question.destination()));
    return switch (engine.judge(question, trusted(now))) {
      case Verdict.Refused refused -> {
        record(Kind.REFUSAL, request, now, refused);
        throw new PolicyRefusedException(question.destination(), refused);
      }
      case Verdict.Allowed allowed -> {
        Clearance clearance = clearance(request, expiry(engine, question, now));
        record(kind(clearance), request, now, allowed);
        yield clearance;
      }
    };
  }

  /// What is asked, and where that turned out to be.
  private record Request(Question question, String subject, String actor, Location location) {}

  private PolicyEngine.Time trusted(Instant now) {
    boolean behind =
        ledger.newest().filter(newest -> now.isBefore(newest.minus(CLOCK_TOLERANCE))).isPresent();
    return new PolicyEngine.Time(now, !behind);
  }

  private static Instant expiry(PolicyEngine engine, Question question, Instant now) {
    Instant end = now.plus(question.purpose() == Purpose.TRAINING ? TRAINING : PROMPT);
    return engine.leaveEnds(question, now).filter(end::isAfter).orElse(end);
  }

  private static Clearance clearance(Request request, Instant expiry) {
    String name = request.question().destination().name();
    String purpose = request.question().purpose().wireName();
    return switch (request.location()) {
      case ON_PREM -> new OnHardware(name);
      case RENTED -> new OnHardware(name, new Clearance.Scope(request.subject(), purpose, expiry));
      case THIRD_PARTY -> new EgressPermit(name, request.subject(), purpose, expiry);
    };
  }

  private static Kind kind(Clearance clearance) {
    return switch (clearance) {
      case OnHardware _ -> Kind.USE;
      case EgressPermit _ -> Kind.EGRESS;
    };
  }

  private void record(Kind kind, Request request, Instant now, Verdict verdict) {
    Question question = request.question();
    Map<String, String> fields = new TreeMap<>();
    fields.put("actor", request.actor());
    fields.put("destination", question.destination().name());
    fields.put("location", request.location().wireName());
    question.destination().region().ifPresent(region -> fields.put("region", region));
    fields.put("flags", String.join(",", question.flags().names()));
    fields.put("scan", question.flags().scan().wireName());
    fields.put("model", question.model());
    fields.put("purpose", question.purpose().wireName());
    fields.put("subject", request.subject());
    fields.put("rule", verdict.rule());
    fields.put("reason", verdict.reason());
    fields.put("evidence", String.join("; ", verdict.evidence()));
    ledger.append(AuditEvent.of(now, kind, fields));
  }
}
