package io.tuneplane.http;

import io.tuneplane.access.Caller;
import io.tuneplane.access.SealedKeys;
import io.tuneplane.access.Secrets;
import io.tuneplane.access.Vault;
import io.tuneplane.api.InProcessProviderKeys;
import io.tuneplane.api.KeysApi;
import io.tuneplane.api.NotFoundException;
import io.tuneplane.api.ProviderKeysApi;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Keys in memory.
final class FakeKeys {

  static final String SECRET = "tp-CANARYSECRETCANARYSECRET";

  private final List<KeysApi.Card> cards = new ArrayList<>();
  private final Map<String, byte[]> sealed = new ConcurrentHashMap<>();
  private final Secrets secrets;

  FakeKeys(Path folder) {
    this.secrets = Secrets.open(folder, Optional.empty());
  }

  ProviderKeysApi providers(Caller caller) {
    Vault vault = new Vault(new Kept(sealed), secrets, () -> Instant.EPOCH);
    return new InProcessProviderKeys(caller, "default", vault, Map.of("openai", false));
  }

  private record Kept(Map<String, byte[]> sealed) implements SealedKeys {

    @Override
    public void put(String name, byte[] bytes, Instant now) {
      sealed.put(name, bytes);
    }

    @Override
    public Optional<byte[]> get(String name) {
      return Optional.ofNullable(sealed.get(name));
    }

    @Override
    public List<Entry> list() {
      return sealed.keySet().stream().sorted().map(name -> new Entry(name, Instant.EPOCH)).toList();
    }

    @Override
    public boolean delete(String name) {
      return sealed.remove(name) != null;
    }
  }

  KeysApi of(Caller caller) {
    return new KeysApi() {
      @Override
      public Made create(Wanted wanted) {
        synchronized (cards) {
          String id = "key-" + (cards.size() + 1);
          cards.add(
              new Card(
                  id,
                  wanted.name(),
                  wanted.role(),
                  caller.organisation(),
                  List.copyOf(wanted.flags()),
                  "tp-CANA",
                  "active",
                  1,
                  Optional.empty()));
          return new Made(id, SECRET, wanted.role(), Optional.empty());
        }
      }

      @Override
      public List<Card> list() {
        synchronized (cards) {
          return cards.stream()
              .filter(card -> card.organisation().equals(caller.organisation()))
              .toList();
        }
      }

      @Override
      public void revoke(String id) {
        if (list().stream().noneMatch(card -> card.id().equals(id))) {
          throw new NotFoundException("key", id);
        }
      }
    };
  }
}
