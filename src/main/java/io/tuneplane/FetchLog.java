package io.tuneplane;

import io.tuneplane.model.FetchListener;
import io.tuneplane.model.FetchProgress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes into the server's log how far a model's download is: a line for every tenth of a file.
final class FetchLog implements FetchListener {

  private static final Logger LOG = LoggerFactory.getLogger(FetchLog.class);

  private String said = "";

  @Override
  public synchronized void progress(FetchProgress progress) {
    long tenths = progress.total() > 0 ? 10 * progress.done() / progress.total() : 0;
    String key = progress.file() + tenths;
    if (!key.equals(said)) {
      said = key;
      LOG.info(
          "fetching {} from {}: {} of {} bytes",
          progress.file(),
          progress.source(),
          progress.done(),
          progress.total());
    }
  }
}
