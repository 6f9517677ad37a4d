package io.tuneplane.client;

import java.net.URI;
import java.util.Optional;

/// Where a server answers, and with which key.
///
/// @param url its address, without a slash at the end
/// @param key sent as a bearer token; empty where there is none
public record Server(URI url, Optional<String> key) {

  URI at(String path) {
    return URI.create(url + path);
  }

  @Override
  public String toString() {
    return "Server[" + url + ", key " + (key.isPresent() ? "present" : "absent") + "]";
  }
}
