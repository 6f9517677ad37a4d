package io.tuneplane.cli;

import picocli.CommandLine.IVersionProvider;

/// The version, from the jar's manifest; `development` where classes run from a folder.
public final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {"tuneplane " + text()};
  }

  /// The version alone.
  public static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
