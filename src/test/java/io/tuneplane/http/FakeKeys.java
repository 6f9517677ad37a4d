package io.tuneplane.http;

import io.tuneplane.access.Caller;
import io.tuneplane.api.KeysApi;
import io.tuneplane.api.NotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Keys in memory.
final class FakeKeys {

  static final String SECRET = "tp-CANARYSECRETCANARYSECRET";

  private final List<KeysApi.Card> cards = new ArrayList<>();

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
