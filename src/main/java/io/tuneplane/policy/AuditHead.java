package io.tuneplane.policy;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A signed statement of how far the audit log goes: whoever keeps one elsewhere can tell later
/// that nothing before it was changed or cut off.
///
/// @param seq the number of the newest line, from 1
/// @param hash that line's hash, in hex
/// @param signature Ed25519 over both, in base64
public record AuditHead(long seq, String hash, String signature) {

  private static final Pattern FORM =
      Pattern.compile("(\\d{1,18}) ([0-9a-f]{64}) ([A-Za-z0-9+/=]{88})");

  /// One line of text.
  public String text() {
    return seq + " " + hash + " " + signature;
  }

  /// Reads what [#text] wrote; empty if it is something else.
  public static Optional<AuditHead> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new AuditHead(Long.parseLong(matcher.group(1)), matcher.group(2), matcher.group(3)))
        : Optional.empty();
  }
}
