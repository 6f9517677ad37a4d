package io.tuneplane.api;

import io.tuneplane.dataset.ConversionReport;
import io.tuneplane.dataset.DatasetCheck;
import io.tuneplane.dataset.DatasetConversion;
import io.tuneplane.dataset.ScanReport;
import java.io.IOException;
import java.nio.file.Path;

/// Checks, conversions and scans of data files.
public interface DataApi {

  /// Checks a training file and, if there is one, its validation file.
  ///
  /// @throws IOException if one can't be read
  /// @throws io.tuneplane.dataset.DataException if one is no data file at all
  /// @throws io.tuneplane.model.ModelException if the model can't be opened
  DatasetCheck.Result check(DataCheckRequest request, DatasetCheck.Progress progress)
      throws IOException;

  /// Writes a data file in another format.
  ///
  /// @throws IOException if a file can't be read or written; then no new file is there
  /// @throws io.tuneplane.dataset.DataException if it is no data file at all
  ConversionReport convert(DatasetConversion.Request request, int maxFindings) throws IOException;

  /// Looks for personal and secret values. A file that can't be read gives a report with a failure.
  ScanReport scan(Path file, int maxFindings);
}
