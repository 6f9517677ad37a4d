package io.tuneplane.store;

import io.tuneplane.backend.TrainedModel;
import io.tuneplane.job.StorageException;
import io.tuneplane.job.StorageException.Kind;
import io.tuneplane.job.TunedModel;
import io.tuneplane.job.TunedModelName;
import io.tuneplane.job.TunedModels;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Tuned models in the database, their weights in folders beside it. A row names its folder by
/// digest, not by path, so the data directory may move. Safe for many threads and processes.
public final class SqlTunedModels implements TunedModels {

  /// How long a folder may wait for its model to be made known.
  static final Duration GRACE = Duration.ofDays(1);

  private final Database database;
  private final AdapterFolders folders;

  /// @param artifacts the folder for weights; servers that share a database share it too
  public SqlTunedModels(Database database, Path artifacts) {
    this.database = database;
    this.folders = new AdapterFolders(artifacts.toAbsolutePath().normalize());
  }

  @Override
  public Path keep(String id, Path adapter) {
    try {
      return folders.folder(folders.keep(adapter));
    } catch (IOException e) {
      throw new StorageException(
          DiskErrors.isFull(e) ? Kind.FULL : Kind.BROKEN,
          "the adapter " + id + " can't be kept: " + e.getMessage(),
          e);
    }
  }

  @Override
  public void save(TunedModel model) {
    database.write(tx -> {
      save(tx, model);
      return model;
    });
  }

  void save(Transaction tx, TunedModel model) {
    if (TunedModelName.parse(model.name()).isEmpty()) {
      throw new IllegalArgumentException("not a name: " + model.name());
    }
    tx.update(
        "INSERT INTO tuned_models (name, organisation, created_at, adapter, document)"
            + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
            + " adapter = excluded.adapter, document = excluded.document",
        model.name(),
        model.organisation(),
        model.createdAt(),
        model.trained().adapter().flatMap(folders::digestOf).orElse(null),
        StoredJson.text(model));
  }

  /// @throws StorageException if its weights are not what was kept
  @Override
  public Optional<TunedModel> find(String organisation, String name) {
    Optional<Row> row =
        database.read(tx ->
            tx.first(
                "SELECT adapter, document FROM tuned_models WHERE name = ? AND organisation = ?",
                Row::of,
                name,
                organisation));
    row.flatMap(Row::digest).ifPresent(digest -> check(name, digest));
    return row.map(this::model);
  }

  @Override
  public boolean delete(String organisation, String name) {
    return database.write(tx ->
        tx.update(
                "DELETE FROM tuned_models WHERE name = ? AND organisation = ?", name, organisation)
            > 0);
  }

  private void check(String name, String digest) {
    try {
      folders.checked(digest);
    } catch (IOException e) {
      throw new StorageException(
          Kind.BROKEN, "the weights of " + name + " can't be used: " + e.getMessage(), e);
    }
  }

  @Override
  public List<TunedModel> list(String organisation) {
    return database
        .read(tx ->
            tx.list(
                "SELECT adapter, document FROM tuned_models WHERE organisation = ?"
                    + " ORDER BY created_at DESC, name DESC",
                Row::of,
                organisation))
        .stream()
        .map(this::model)
        .toList();
  }

  /// Removes weights that no model names: what a crash left between keeping weights and making
  /// their model known. Called at start, and once a day or so.
  ///
  /// @throws IOException if the folder can't be read or changed
  public void sweep(Instant now) throws IOException {
    folders.removeUnless(this::isNamed, now.minus(GRACE));
  }

  private boolean isNamed(String digest) {
    return database
        .read(
            tx -> tx.first("SELECT name FROM tuned_models WHERE adapter = ?", row -> true, digest))
        .isPresent();
  }

  private record Row(Optional<String> digest, String document) {
    static Row of(ResultSet row) throws SQLException {
      @Nullable String digest = row.getString("adapter");
      return new Row(Optional.ofNullable(digest), row.getString("document"));
    }
  }

  private TunedModel model(Row row) {
    TunedModel model = StoredJson.read(row.document(), TunedModel.class);
    return row.digest().map(folders::folder).map(folder -> at(model, folder)).orElse(model);
  }

  private static TunedModel at(TunedModel model, Path folder) {
    TrainedModel trained = model.trained();
    return new TunedModel(
        model.name(),
        model.organisation(),
        model.baseModel(),
        model.backend(),
        model.method(),
        model.jobId(),
        model.createdAt(),
        new TrainedModel(
            trained.remoteName(), Optional.of(folder), trained.golden(), trained.baseDigest()),
        model.flags());
  }
}
