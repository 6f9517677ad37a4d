package io.tuneplane.client;

import java.net.URI;
import java.util.Optional;

/// Where a server answers, and with which key.
///
/// @param url its address, without a slash at the end
/// @param key sent as a bearer token; empty where there is none
/// @param certificate what [Certificate#digest] says of the only certificate that it may show;
///   empty for any that this machine trusts
public record Server(URI url, Optional<Key> key, Optional<String> certificate) {

  /// A key to send.
  ///
  /// @param secret the key itself
  /// @param from where it was found, for people
  public record Key(String secret, String from) {

    @Override
    public String toString() {
      return "Key[from " + from + "]";
    }
  }

  URI at(String path) {
    return URI.create(url + path);
  }

  /// Which key was sent, for people whose key was refused.
  String sent() {
    return key.map(Key::from)
        .map(from -> "The key that was sent is " + from + ".")
        .orElse("No key was sent: set TUNEPLANE_API_KEY.");
  }

  @Override
  public String toString() {
    return "Server[" + url + ", key " + (key.isPresent() ? "present" : "absent") + "]";
  }
}
