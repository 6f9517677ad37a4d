package io.tuneplane.dataset;

/// One record that is too long to be read.
record UnreadableBatch(String what, long lines) implements Batch {

  @Override
  public void forEach(Visitor visitor) {
    visitor.unreadable(Rule.TOO_LONG, what, 0, 0);
  }
}
