package io.tuneplane.backend.local;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/// The class path of the running tests, however they were started: some launchers keep it in a
/// class loader of their own.
final class TestClassPath {

  private TestClassPath() {}

  static String get() {
    ClassLoader loader = TestClassPath.class.getClassLoader();
    if (loader instanceof URLClassLoader own) {
      return Arrays.stream(own.getURLs())
          .map(TestClassPath::path)
          .collect(Collectors.joining(File.pathSeparator));
    }
    return System.getProperty("java.class.path");
  }

  private static String path(URL url) {
    return Path.of(url.getPath()).toString();
  }
}
