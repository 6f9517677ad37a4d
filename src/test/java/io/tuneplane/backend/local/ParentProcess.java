package io.tuneplane.backend.local;

import io.tuneplane.backend.Cursor;
import io.tuneplane.backend.RunHandle;
import io.tuneplane.backend.SubmissionKey;
import io.tuneplane.policy.TestClearances;
import java.nio.file.Path;

/// A control plane in a process of its own, for tests that kill it: submits one run and watches it.
/// Arguments: the place's directory, the mark, the epochs.
final class ParentProcess {

  private ParentProcess() {}

  public static void main(String[] args) throws InterruptedException {
    LocalPlace place = new LocalPlace(Path.of(args[0]));
    LocalTraining backend = place.scripted("");
    RunHandle run =
        backend.submit(
            place.spec(Integer.parseInt(args[2])),
            new SubmissionKey(args[1]),
            TestClearances.onHardware(LocalTraining.NAME));
    while (!backend.observe(run, Cursor.START).state().ended()) {
      Thread.sleep(20);
    }
  }
}
