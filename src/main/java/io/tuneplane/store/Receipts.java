package io.tuneplane.store;

import io.tuneplane.job.Job;
import io.tuneplane.job.Sent;
import io.tuneplane.job.SentBeforeException;
import java.time.Instant;
import java.util.Optional;

/// Which request made which job.
final class Receipts {

  private Receipts() {}

  private record Row(String fingerprint, String jobId) {}

  /// The job that an earlier attempt at a request made.
  ///
  /// @throws SentBeforeException if its key is another request's
  static Optional<String> find(Transaction tx, String organisation, Sent sent) {
    return sent.key()
        .map(key -> named(tx, organisation, Digests.of(key), sent))
        .orElseGet(() -> alike(tx, organisation, sent));
  }

  private static Optional<String> named(
      Transaction tx, String organisation, String digest, Sent sent) {
    Optional<Row> row =
        tx.first(
            "SELECT fingerprint, job_id FROM job_receipts WHERE organisation = ? AND key_digest = ?",
            found -> new Row(found.getString(1), found.getString(2)),
            organisation,
            digest);
    if (row.filter(r -> !r.fingerprint().equals(sent.fingerprint())).isPresent()) {
      throw new SentBeforeException();
    }
    return row.map(Row::jobId);
  }

  /// A first attempt looks for what its retries made only: two first attempts are two requests.
  private static Optional<String> alike(Transaction tx, String organisation, Sent sent) {
    return tx.first(
        "SELECT job_id FROM job_receipts WHERE organisation = ? AND fingerprint = ?"
            + " AND made_at >= ? AND retried >= ? ORDER BY made_at DESC LIMIT 1",
        row -> row.getString(1),
        organisation,
        sent.fingerprint(),
        sent.alike(),
        sent.retry() ? 0 : 1);
  }

  /// Says that a request made a job, unless another attempt at it was first: then waits for that
  /// one, and says which job it made.
  ///
  /// @return the earlier attempt's job; empty where there is none
  /// @throws SentBeforeException if its key is another request's
  static Optional<String> add(Transaction tx, Job job, Sent sent) {
    if (sent.key().isEmpty()) {
      tx.lock("request " + job.organisation() + " " + sent.fingerprint());
      Optional<String> earlier = alike(tx, job.organisation(), sent);
      if (earlier.isPresent()) {
        return earlier;
      }
    }
    String digest = Digests.of(sent.key().orElse(job.id()));
    int added =
        tx.update(
            "INSERT INTO job_receipts (organisation, key_digest, fingerprint, made_at, retried,"
                + " job_id) VALUES (?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT (organisation, key_digest) DO NOTHING",
            job.organisation(),
            digest,
            sent.fingerprint(),
            job.createdAt(),
            sent.retry() ? 1 : 0,
            job.id());
    return added > 0 ? Optional.empty() : named(tx, job.organisation(), digest, sent);
  }

  static void forget(Transaction tx, Instant until) {
    tx.update("DELETE FROM job_receipts WHERE made_at < ?", until);
  }
}
