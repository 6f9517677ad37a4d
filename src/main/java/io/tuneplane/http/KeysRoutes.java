package io.tuneplane.http;

import io.tuneplane.api.Deleted;
import io.tuneplane.api.KeyBodies;

/// `/api/v1/keys`.
final class KeysRoutes {

  void handlers(Handlers handlers) {
    handlers
        .on(
            Route.KEYS_CREATE,
            call -> Answer.ok(call.api().keys().create(KeyBodies.read(call.json()))))
        .on(Route.KEYS_LIST, call -> Answer.ok(call.api().keys().list()))
        .on(Route.KEYS_REVOKE, KeysRoutes::revoke);
  }

  private static Answer revoke(Call call) {
    call.api().keys().revoke(call.part("key_id"));
    return Answer.ok(new Deleted(call.part("key_id"), "key", true));
  }
}
