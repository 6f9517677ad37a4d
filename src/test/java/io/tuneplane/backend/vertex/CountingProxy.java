package io.tuneplane.backend.vertex;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/// Passes connections on to a port of this machine, and counts what is sent there.
final class CountingProxy implements AutoCloseable {

  private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicLong sent = new AtomicLong();
  private final int target;

  CountingProxy(int target) throws IOException {
    this.target = target;
    var _ = threads.submit(this::accept);
  }

  int port() {
    return socket.getLocalPort();
  }

  long bytesSent() {
    return sent.get();
  }

  private Void accept() throws IOException {
    while (!socket.isClosed()) {
      Socket client = socket.accept();
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      var _ = threads.submit(() -> pass(client, server, true));
      var _ = threads.submit(() -> pass(server, client, false));
    }
    return null;
  }

  private Void pass(Socket from, Socket to, boolean counted) throws IOException {
    byte[] piece = new byte[16 * 1024];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        out.write(piece, 0, n);
        if (counted) {
          sent.addAndGet(n);
        }
      }
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    socket.close();
    threads.shutdownNow();
  }
}
