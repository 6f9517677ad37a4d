import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;

/// Copies the newest ended job of a database, with its events, N times: `ManyJobs.java JDBC_URL N`.
/// The copies are older than every real job. Works on SQLite and PostgreSQL alike.
public final class ManyJobs {

  private static final String NUMBERS =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?),"
          + " one AS (SELECT * FROM jobs WHERE wake_at IS NULL ORDER BY created_at DESC LIMIT 1) ";

  private ManyJobs() {}

  public static void main(String[] args) throws Exception {
    int count = Integer.parseInt(args[1]);
    try (Connection database = DriverManager.getConnection(args[0])) {
      database.setAutoCommit(false);
      int jobs =
          run(
              database,
              NUMBERS
                  + "INSERT INTO jobs (id, organisation, created_at, status, version, last_seq, document)"
                  + " SELECT 'ftjob-copy' || i, organisation, created_at - i, status, version, last_seq,"
                  + " replace(document, one.id, 'ftjob-copy' || i) FROM one, n",
              count);
      int events =
          run(
              database,
              NUMBERS
                  + "INSERT INTO job_events (job_id, seq, organisation, document)"
                  + " SELECT 'ftjob-copy' || n.i, e.seq, e.organisation, replace(e.document, one.id, 'ftjob-copy' || n.i)"
                  + " FROM one JOIN job_events e ON e.job_id = one.id, n",
              count);
      database.commit();
      System.out.printf("%,d jobs with %,d events were added%n", jobs, events);
    }
  }

  private static int run(Connection database, String sql, int count) throws Exception {
    try (PreparedStatement statement = database.prepareStatement(sql)) {
      statement.setInt(1, count);
      return statement.executeUpdate();
    }
  }
}
