package io.tuneplane.dataset;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Finds entries with equal keys among any number of entries. Up to a bound they are in memory;
/// beyond it they go to temporary files, parted by their keys, and each part is looked at alone at
/// the end. The files are gone once this is closed. Not safe for many threads.
final class Groups implements AutoCloseable {

  private static final int PARTS = 64;

  private final int most;
  private final Path scratch;
  private long[] keys = new long[1024];
  private long[] values = new long[1024];
  private int count;
  private boolean spilled;
  private final Path[] files = new Path[PARTS];
  private final DataOutputStream[] parts = new DataOutputStream[PARTS];

  /// @param most how many entries are held in memory
  /// @param scratch the folder for temporary files
  Groups(int most, Path scratch) {
    this.most = most;
    this.scratch = scratch;
  }

  /// Two entries with the same key, the first one that had it and a later one.
  interface Pair {
    void of(long first, long later);
  }

  void add(long key, long value) throws IOException {
    if (count == most) {
      spill();
    }
    if (count == keys.length) {
      int length = Math.min(2 * keys.length, most);
      keys = Arrays.copyOf(keys, length);
      values = Arrays.copyOf(values, length);
    }
    keys[count] = key;
    values[count++] = value;
  }

  boolean spilled() {
    return spilled;
  }

  /// Calls the visitor for each entry after the first of its key, in the order in which they came
  /// within the key. Ends the adding.
  void forEachPair(Pair visitor) throws IOException {
    if (!spilled) {
      pairs(visitor);
      return;
    }
    spill();
    for (int p = 0; p < PARTS; p++) {
      parts[p].close();
      load(files[p]);
      pairs(visitor);
      Files.delete(files[p]);
    }
  }

  /// Goes over the entries with a table of the places where a key came first.
  private void pairs(Pair visitor) {
    int size = Integer.highestOneBit(Math.max(2 * count, 2)) * 2;
    int[] table = new int[size];
    for (int i = 0; i < count; i++) {
      int slot = (int) Hash64.mix(keys[i]) & (size - 1);
      while (table[slot] != 0 && keys[table[slot] - 1] != keys[i]) {
        slot = (slot + 1) & (size - 1);
      }
      if (table[slot] == 0) {
        table[slot] = i + 1;
      } else {
        visitor.of(values[table[slot] - 1], values[i]);
      }
    }
  }

  private void spill() throws IOException {
    for (int p = 0; p < PARTS && !spilled; p++) {
      files[p] = Files.createTempFile(scratch, "tuneplane-", ".part");
      parts[p] =
          new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(files[p]), 8192));
    }
    spilled = true;
    for (int i = 0; i < count; i++) {
      DataOutputStream part = parts[(int) (keys[i] >>> 58)];
      part.writeLong(keys[i]);
      part.writeLong(values[i]);
    }
    count = 0;
  }

  private void load(Path file) throws IOException {
    int n = Math.toIntExact(Files.size(file) / 16);
    if (keys.length < n) {
      keys = new long[n];
      values = new long[n];
    }
    count = 0;
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      for (; count < n; count++) {
        keys[count] = in.readLong();
        values[count] = in.readLong();
      }
    } catch (EOFException e) {
      throw new UncheckedIOException("a temporary file was cut: " + file, e);
    }
  }

  @Override
  public void close() throws IOException {
    if (!spilled) {
      return;
    }
    for (int p = 0; p < PARTS; p++) {
      try (DataOutputStream part = parts[p]) {
        part.flush();
      } finally {
        Files.deleteIfExists(files[p]);
      }
    }
  }
}
