package io.tuneplane.store;

import io.tuneplane.job.StorageException;
import io.tuneplane.job.StorageException.Kind;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// Says what a database's error means for whoever asked.
final class SqlErrors {

  private SqlErrors() {}

  static StorageException of(SQLException error) {
    return error instanceof SQLiteException sqlite ? ofSqlite(sqlite) : ofPostgres(error);
  }

  private static StorageException ofSqlite(SQLiteException error) {
    // An extended code has its plain one in the lowest eight bits.
    SQLiteErrorCode code = SQLiteErrorCode.getErrorCode(error.getResultCode().code & 0xff);
    return switch (code) {
      case SQLITE_FULL -> full(error);
      case SQLITE_BUSY, SQLITE_LOCKED ->
          new StorageException(
              Kind.UNAVAILABLE, "another process is writing to the database; try again", error);
      case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM ->
          broken(
              "the database can't be written: check that the data directory and tuneplane.db in it"
                  + " belong to this user and are not read-only",
              error);
      case SQLITE_NOTADB, SQLITE_CORRUPT ->
          broken(
              "the database is damaged, or is none: move it away, or put a backup in its place",
              error);
      case SQLITE_IOERR -> broken("the disk fails under the database", error);
      default -> broken("the database refused a statement", error);
    };
  }

  /// By the class of the SQLSTATE, see PostgreSQL's appendix A.
  private static StorageException ofPostgres(SQLException error) {
    String state = error.getSQLState() == null ? "" : error.getSQLState();
    if (state.equals("53100")) {
      return full(error);
    }
    return switch (state.length() < 2 ? "" : state.substring(0, 2)) {
      case "08", "53", "57", "40", "55" ->
          new StorageException(
              Kind.UNAVAILABLE, "the database can't be reached, or is busy; try again", error);
      case "28" -> broken("the database refuses the user or the password of database.url", error);
      case "3D" -> broken("there is no database of the name in database.url", error);
      case "25" -> broken("the database takes no writes: is it a replica?", error);
      default ->
          error instanceof SQLTransientException
              ? new StorageException(
                  Kind.UNAVAILABLE, "the database can't be reached; try again", error)
              : broken("the database refused a statement", error);
    };
  }

  private static StorageException full(SQLException error) {
    return new StorageException(
        Kind.FULL, "the disk of the database is full: free some space", error);
  }

  private static StorageException broken(String words, SQLException error) {
    return new StorageException(Kind.BROKEN, words + " (" + error.getMessage() + ")", error);
  }
}
