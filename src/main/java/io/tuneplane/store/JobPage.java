package io.tuneplane.store;

import io.tuneplane.job.Job;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A page of an organisation's jobs, found by an index however many there are.
final class JobPage {

  private JobPage() {}

  static List<Job> of(
      Transaction tx,
      String organisation,
      Optional<String> after,
      int limit,
      Map<String, String> metadata) {
    Page page =
        Page.after(
            tx,
            "SELECT created_at, id FROM jobs WHERE id = ? AND organisation = ?",
            after,
            organisation);
    List<String> labels =
        new TreeMap<>(metadata)
            .entrySet().stream().map(e -> Digests.ofLabel(e.getKey(), e.getValue())).toList();
    return labels.isEmpty()
        ? all(tx, organisation, page, limit)
        : labelled(tx, organisation, page, limit, labels);
  }

  private static List<Job> all(Transaction tx, String organisation, Page page, int limit) {
    return tx.list(
        "SELECT document FROM jobs WHERE organisation = ? AND (created_at, id) < (?, ?)"
            + " ORDER BY created_at DESC, id DESC LIMIT ?",
        row -> StoredJson.read(row.getString(1), Job.class),
        organisation,
        page.number(),
        page.id(),
        limit);
  }

  /// One label leads through the index; a job counts when it has as many of them as were asked.
  private static List<Job> labelled(
      Transaction tx, String organisation, Page page, int limit, List<String> labels) {
    String others =
        String.join(
            "",
            Collections.nCopies(
                labels.size() - 1,
                " AND EXISTS (SELECT 1 FROM job_metadata o WHERE o.job_id = m.job_id"
                    + " AND o.label = ?)"));
    List<Object> values =
        new ArrayList<>(List.of(organisation, labels.getFirst(), page.number(), page.id()));
    values.addAll(labels.subList(1, labels.size()));
    values.add(limit);
    return tx.list(
        "SELECT j.document FROM job_metadata m JOIN jobs j ON j.id = m.job_id"
            + " WHERE m.organisation = ? AND m.label = ? AND (m.created_at, m.job_id) < (?, ?)"
            + others
            + " ORDER BY m.created_at DESC, m.job_id DESC LIMIT ?",
        row -> StoredJson.read(row.getString(1), Job.class),
        values.toArray());
  }
}
