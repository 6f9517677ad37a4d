package io.tuneplane.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads `multipart/form-data` (RFC 7578) as it comes, part by part, in bounded memory. For one
/// thread.
final class Multipart {

  private static final int LONGEST_HEADERS = 8 * 1024;
  private static final int BUFFER = 64 * 1024;
  private static final Pattern BOUNDARY =
      Pattern.compile(
          "(?i)multipart/form-data\\s*;.*?boundary=(?:\"([^\"]{1,70})\"|([^\\s;]{1,70})).*");
  private static final Pattern NAME = Pattern.compile("(?i)[;\\s]name=\"((?:[^\"\\\\]|\\\\.)*+)\"");
  private static final Pattern FILENAME =
      Pattern.compile("(?i)[;\\s]filename=\"((?:[^\"\\\\]|\\\\.)*+)\"");

  private final InputStream in;
  private final byte[] delimiter;
  private final byte[] buffer = new byte[BUFFER];
  private int start;
  private int end;
  private boolean inputEnded;

  /// A part.
  ///
  /// @param name the field's
  /// @param filename the file's, where it is one
  /// @param content up to the next part; what is not read is passed over
  record Part(String name, Optional<String> filename, InputStream content) {}

  private Multipart(InputStream in, String boundary) {
    this.in = in;
    this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    // So that the first delimiter, which has no line break before it, looks like all others.
    buffer[0] = '\r';
    buffer[1] = '\n';
    end = 2;
  }

  /// @throws Refusal if that is not the type of such a body
  static Multipart of(String contentType, InputStream in) {
    Matcher matcher = BOUNDARY.matcher(contentType);
    if (!matcher.matches()) {
      throw Refusal.of(
          415, "unsupported_media_type", "Send the file as 'multipart/form-data' with a boundary.");
    }
    return new Multipart(
        in, Optional.ofNullable(matcher.group(1)).orElseGet(() -> matcher.group(2)));
  }

  /// The next part; passes over what is left of the one before.
  ///
  /// @return empty after the last one
  Optional<Part> next() throws IOException {
    new Content().transferTo(java.io.OutputStream.nullOutputStream());
    start += delimiter.length;
    byte[] after = take(2);
    if (Arrays.equals(after, new byte[] {'-', '-'})) {
      return Optional.empty();
    }
    if (!Arrays.equals(after, new byte[] {'\r', '\n'})) {
      throw broken("a boundary is not followed by a line break");
    }
    String headers = headers();
    return Optional.of(
        new Part(
            find(NAME, headers).orElseThrow(() -> broken("a part has no name")),
            find(FILENAME, headers),
            new Content()));
  }

  private static Optional<String> find(Pattern pattern, String headers) {
    Matcher matcher = pattern.matcher(headers);
    return matcher.find()
        ? Optional.of(matcher.group(1).replaceAll("\\\\(.)", "$1"))
        : Optional.empty();
  }

  /// The part's `Content-Disposition`.
  private String headers() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int matched = 2; // an empty line may follow at once
    byte[] stop = {'\r', '\n', '\r', '\n'};
    while (matched < stop.length) {
      byte b = take(1)[0];
      all.write(b);
      matched = b == stop[matched] ? matched + 1 : b == '\r' ? 1 : 0;
      if (all.size() > LONGEST_HEADERS) {
        throw broken("a part's headers are too long");
      }
    }
    return all.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-disposition:"))
        .findFirst()
        .orElse("");
  }

  private byte[] take(int count) throws IOException {
    while (end - start < count) {
      fill();
      if (inputEnded && end - start < count) {
        throw broken("it ends early");
      }
    }
    start += count;
    return Arrays.copyOfRange(buffer, start - count, start);
  }

  private void fill() throws IOException {
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      end -= start;
      start = 0;
    }
    int n = end < buffer.length ? in.read(buffer, end, buffer.length - end) : 0;
    inputEnded = n < 0;
    end += Math.max(0, n);
  }

  private static Refusal broken(String how) {
    return Refusal.of(400, "invalid_multipart", "The multipart body can't be read: " + how + ".");
  }

  /// A part's content, up to the next delimiter.
  private final class Content extends InputStream {

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      while (true) {
        int safe = beforeDelimiter();
        if (safe > 0) {
          int n = Math.min(safe, length);
          System.arraycopy(buffer, start, into, offset, n);
          start += n;
          return n;
        }
        if (atDelimiter(start)) {
          return -1;
        }
        if (inputEnded) {
          throw broken("it ends early");
        }
        fill();
      }
    }

    /// How many bytes come before the first place where a delimiter begins, or may begin.
    private int beforeDelimiter() {
      for (int i = start; i < end; i++) {
        if (buffer[i] == '\r' && mayBegin(i)) {
          return i - start;
        }
      }
      return end - start;
    }

    private boolean mayBegin(int at) {
      int known = Math.min(delimiter.length, end - at);
      return Arrays.equals(buffer, at, at + known, delimiter, 0, known);
    }

    private boolean atDelimiter(int at) {
      return end - at >= delimiter.length && mayBegin(at);
    }
  }
}
