package io.tuneplane.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The keys that providers gave us, sealed under the installation's secret. They belong to the
/// installation, like the backends that use them. Safe for many threads and processes.
public final class Vault {

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

  private final SealedKeys keys;
  private final Secrets secrets;
  private final InstantSource clock;

  /// A vault over these.
  public Vault(SealedKeys keys, Secrets secrets, InstantSource clock) {
    this.keys = keys;
    this.secrets = secrets;
    this.clock = clock;
  }

  /// Keeps a key, in the place of one of the same name.
  ///
  /// @param name `[a-z0-9._-]`, such as `openai`
  /// @throws IllegalArgumentException if the name is not of that form
  public void put(String name, String key) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a provider key's name is [a-z0-9._-], 1 to 63 characters, not \"" + name + "\"");
    }
    keys.put(name, secrets.seal(purpose(name), key.getBytes(UTF_8)), clock.instant());
  }

  /// A key in clear.
  ///
  /// @throws SecretsException if it was sealed with another secret, or was changed since
  public Optional<String> get(String name) {
    return keys.get(name).map(sealed -> new String(secrets.open(purpose(name), sealed), UTF_8));
  }

  /// What is kept, by name, without the keys.
  public List<SealedKeys.Entry> list() {
    return keys.list();
  }

  /// Forgets a key.
  ///
  /// @return whether there was one
  public boolean delete(String name) {
    return keys.delete(name);
  }

  private static String purpose(String name) {
    return "provider key " + name;
  }
}
