package io.tuneplane.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/// A connection as Helidon made it, but for who reads it.
final class WiredContext implements ConnectionContext {

  private final ConnectionContext made;
  private final Wire wire;
  private final DataReader reader;

  WiredContext(ConnectionContext made) {
    this.made = made;
    this.wire = new Wire(made.serverSocket());
    this.reader = DataReader.create(wire);
  }

  Wire wire() {
    return wire;
  }

  @Override
  public DataReader dataReader() {
    return reader;
  }

  @Override
  public DataWriter dataWriter() {
    return made.dataWriter();
  }

  @Override
  public ListenerContext listenerContext() {
    return made.listenerContext();
  }

  @Override
  public ExecutorService executor() {
    return made.executor();
  }

  @Override
  public Router router() {
    return made.router();
  }

  @Override
  public Optional<ProxyProtocolData> proxyProtocolData() {
    return made.proxyProtocolData();
  }

  @Override
  public HelidonSocket serverSocket() {
    return made.serverSocket();
  }

  @Override
  public PeerInfo remotePeer() {
    return made.remotePeer();
  }

  @Override
  public PeerInfo localPeer() {
    return made.localPeer();
  }

  @Override
  public boolean isSecure() {
    return made.isSecure();
  }

  @Override
  public String socketId() {
    return made.socketId();
  }

  @Override
  public String childSocketId() {
    return made.childSocketId();
  }
}
