package io.tuneplane.dataset;

/// A run of records of a file: lines of JSONL, or elements of a JSON array.
interface Batch {

  /// Calls the visitor for each record that is not blank, in order.
  void forEach(Visitor visitor);

  /// How many lines the batch ends, to count the lines of the next one from. An array's batches say
  /// 0, since they know the lines of their elements.
  long lines();

  /// What is done with each record.
  interface Visitor {

    /// A record.
    ///
    /// @param bytes holds the record, and [JsonTape#PADDING] zeros at its very end
    /// @param line its first line, from 0, counted from the batch's first
    /// @param column where it starts in that line, in characters from 0
    void record(byte[] bytes, int start, int end, long line, int column);

    /// A record that was not read, with the reason.
    void unreadable(Rule rule, String what, long line, int column);
  }
}
