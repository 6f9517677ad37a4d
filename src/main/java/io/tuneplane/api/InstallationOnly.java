package io.tuneplane.api;

import io.tuneplane.access.Caller;

/// Some things concern the whole server, and not one organisation of it: they are for the
/// administrators of the organisation that the installation is.
final class InstallationOnly {

  private InstallationOnly() {}

  /// @param organisation whose the installation is
  /// @param what is asked for, for people
  /// @throws ForbiddenException if the caller is of another organisation
  static void require(Caller caller, String organisation, String what) {
    if (!caller.organisation().equals(organisation)) {
      throw new ForbiddenException(
          "Only an administrator of the installation's own organisation, %s, may ask for %s."
              .formatted(organisation, what));
    }
  }
}
