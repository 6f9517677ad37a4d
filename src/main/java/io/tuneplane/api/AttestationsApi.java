package io.tuneplane.api;

import io.tuneplane.policy.Attestation;
import java.util.List;

/// An administrator's attestations: leave for flagged data to go to a place.
public interface AttestationsApi {

  /// Adds one, with a line in the audit log. It counts from the next question on.
  ///
  /// @throws RequestException if its flag is not a known one, or it has ended already
  AttestationCard add(Attestation attestation);

  /// All of them, from the policy file and the audit log, whether they count today or not.
  List<AttestationCard> list();
}
