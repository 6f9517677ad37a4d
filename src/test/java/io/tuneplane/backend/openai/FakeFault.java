package io.tuneplane.backend.openai;

/// What goes wrong with a request to a [FakeOpenAi].
sealed interface FakeFault {

  /// It is answered with this instead, and nothing is done.
  record Instead(FakeAnswer answer) implements FakeFault {}

  /// It is done, but the connection breaks before the answer.
  record DropAnswer() implements FakeFault {}

  /// Nothing is done, and the connection breaks.
  record Broken() implements FakeFault {}

  /// It is done, and the answer is this.
  record DoneBut(FakeAnswer answer) implements FakeFault {}
}
