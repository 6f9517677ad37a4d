package io.tuneplane.runner.serve.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Writes one protobuf message into memory, field by field.
final class ProtoWriter {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

  ProtoWriter number(int field, long value) {
    return write(() -> out.writeInt64(field, value));
  }

  ProtoWriter real(int field, float value) {
    return write(() -> out.writeFloat(field, value));
  }

  ProtoWriter text(int field, String value) {
    return write(() -> out.writeString(field, value));
  }

  ProtoWriter message(int field, ProtoWriter value) {
    return write(() -> out.writeBytes(field, ByteString.copyFrom(value.toBytes())));
  }

  byte[] toBytes() {
    write(out::flush);
    return bytes.toByteArray();
  }

  private ProtoWriter write(Write write) {
    try {
      write.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return this;
  }

  private interface Write {
    void run() throws IOException;
  }
}
