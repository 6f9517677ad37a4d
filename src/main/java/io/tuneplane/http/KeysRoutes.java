package io.tuneplane.http;

import io.tuneplane.api.Deleted;
import io.tuneplane.api.KeyBodies;
import io.tuneplane.api.ProviderKeyBodies;

/// `/api/v1/keys` and `/api/v1/provider-keys`.
final class KeysRoutes {

  void handlers(Handlers handlers) {
    handlers
        .on(
            Route.KEYS_CREATE,
            call -> Answer.ok(call.api().keys().create(KeyBodies.read(call.json()))))
        .on(Route.KEYS_LIST, call -> Answer.ok(call.api().keys().list()))
        .on(Route.KEYS_REVOKE, KeysRoutes::revoke)
        .on(Route.PROVIDER_KEYS_PUT, KeysRoutes::put)
        .on(Route.PROVIDER_KEYS_LIST, call -> Answer.ok(call.api().providerKeys().list()))
        .on(Route.PROVIDER_KEYS_REMOVE, KeysRoutes::remove);
  }

  private static Answer put(Call call) {
    ProviderKeyBodies.Wanted wanted = ProviderKeyBodies.read(call.json());
    return Answer.ok(call.api().providerKeys().put(wanted.name(), wanted.key()));
  }

  private static Answer remove(Call call) {
    call.api().providerKeys().remove(call.part("name"));
    return Answer.ok(new Deleted(call.part("name"), "provider_key", true));
  }

  private static Answer revoke(Call call) {
    call.api().keys().revoke(call.part("key_id"));
    return Answer.ok(new Deleted(call.part("key_id"), "key", true));
  }
}
