package io.tuneplane.api;

import io.tuneplane.access.Caller;
import io.tuneplane.access.SealedKeys;
import io.tuneplane.access.Vault;
import io.tuneplane.backend.Problem;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// The providers' keys of an installation, for the administrators of its own organisation. Safe for
/// many threads.
public final class InProcessProviderKeys implements ProviderKeysApi {

  /// What may stand in an `Authorization` header. It may be a Tuneplane's: another one can be the
  /// host; to OpenAI itself it is not sent.
  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{8,4096}");

  private final boolean own;
  private final Vault vault;
  private final Map<String, Boolean> places;

  /// @param organisation whose the installation is
  /// @param places the names of places that take a key, and whether the settings hold one for it
  public InProcessProviderKeys(
      Caller caller, String organisation, Vault vault, Map<String, Boolean> places) {
    this.own = caller.organisation().equals(organisation);
    this.vault = vault;
    this.places = Map.copyOf(places);
  }

  @Override
  public Card put(String name, String key) {
    if (!own) {
      throw wrong("name", "providers' keys belong to the installation's own organisation");
    }
    if (!places.containsKey(name)) {
      throw wrong(
          "name",
          "no place %s takes a key; these do: %s"
              .formatted(Words.quoted(name), String.join(", ", places.keySet())));
    }
    if (!KEY.matcher(key).matches()) {
      throw wrong("key", "must be what the provider gave you: 8 to 4096 visible ASCII characters");
    }
    vault.put(name, key);
    return list().stream().filter(card -> card.name().equals(name)).findFirst().orElseThrow();
  }

  @Override
  public List<Card> list() {
    return own ? vault.list().stream().map(this::card).toList() : List.of();
  }

  private Card card(SealedKeys.Entry entry) {
    boolean used = !places.getOrDefault(entry.name(), true);
    return new Card(entry.name(), entry.storedAt().getEpochSecond(), used);
  }

  @Override
  public void remove(String name) {
    if (!own || !vault.delete(name)) {
      throw new NotFoundException("provider key", name);
    }
  }

  private static RequestException wrong(String field, String message) {
    return new RequestException(List.of(new Problem(field, message)));
  }
}
