package io.tuneplane.cli;

import io.tuneplane.cost.Range;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads `100000` or `50000..100000..400000`.
final class CostRangeConverter implements ITypeConverter<Range> {

  @Override
  public Range convert(String text) {
    try {
      return Range.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
