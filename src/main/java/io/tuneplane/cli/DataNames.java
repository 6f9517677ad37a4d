package io.tuneplane.cli;

import io.tuneplane.dataset.Format;
import io.tuneplane.dataset.Target;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Formats and targets by the names that the command line has for them.
final class DataNames {

  private DataNames() {}

  static final class Formats implements ITypeConverter<Format>, Iterable<String> {
    @Override
    public Format convert(String name) {
      return known(Format.parse(name), name, names(Arrays.stream(Format.values()).map(Format::id)));
    }

    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Format.values()).map(Format::id).iterator();
    }
  }

  static final class Targets implements ITypeConverter<Target>, Iterable<String> {
    @Override
    public Target convert(String name) {
      return known(Target.parse(name), name, names(Arrays.stream(Target.values()).map(Target::id)));
    }

    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Target.values()).map(Target::id).iterator();
    }
  }

  private static String names(Stream<String> names) {
    return names.collect(Collectors.joining(", "));
  }

  private static <T> T known(Optional<T> value, String name, String all) {
    return value.orElseThrow(() -> new TypeConversionException("'" + name + "' is none of " + all));
  }
}
