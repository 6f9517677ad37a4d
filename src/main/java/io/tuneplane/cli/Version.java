package io.tuneplane.cli;

import picocli.CommandLine.IVersionProvider;

/// The version, from the jar's manifest; `development` where classes run from a folder.
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {"tuneplane " + (version == null ? "development" : version)};
  }
}
