package io.tuneplane.backend.vertex;

import java.io.IOException;
import java.util.Objects;
import okhttp3.Interceptor;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.Okio;
import okio.Source;
import okio.Timeout;

/// Lets Google's client hand over each event of a stream when it arrives. The client reads one
/// event ahead of the one that it returns, so that every piece of an answer would come with the
/// next one, and the last one before a broken connection never. Here an empty event follows each
/// event.
final class EventByEvent implements Interceptor {

  private static final String EMPTY_EVENT = "data: {}\n\n";

  @Override
  public Response intercept(Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
    ResponseBody body = response.body();
    String type = Objects.requireNonNullElse(response.header("Content-Type"), "");
    if (body == null || !type.startsWith("text/event-stream")) {
      return response;
    }
    BufferedSource padded = Okio.buffer(new Padded(body.source()));
    return response.newBuilder().body(ResponseBody.create(padded, body.contentType(), -1)).build();
  }

  private static final class Padded implements Source {
    private final BufferedSource events;
    private final Buffer ready = new Buffer();
    private boolean inEvent;

    Padded(BufferedSource events) {
      this.events = events;
    }

    @Override
    public long read(Buffer sink, long byteCount) throws IOException {
      if (ready.exhausted()) {
        String line = events.readUtf8Line();
        if (line == null) {
          return -1;
        }
        ready.writeUtf8(line).writeByte('\n');
        if (line.isEmpty() && inEvent) {
          ready.writeUtf8(EMPTY_EVENT);
        }
        inEvent = !line.isEmpty();
      }
      return ready.read(sink, byteCount);
    }

    @Override
    public Timeout timeout() {
      return events.timeout();
    }

    @Override
    public void close() throws IOException {
      events.close();
    }
  }
}
