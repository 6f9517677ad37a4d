package io.tuneplane.store;

import static io.tuneplane.store.StoredThings.NOW;
import static io.tuneplane.store.StoredThings.egress;
import static io.tuneplane.store.StoredThings.events;
import static io.tuneplane.store.StoredThings.job;
import static io.tuneplane.store.StoredThings.running;

import io.tuneplane.job.Advance;
import io.tuneplane.job.Job;
import io.tuneplane.job.JobStore.Stored;
import io.tuneplane.job.Sent;
import io.tuneplane.job.StaleJobException;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/// A process that keeps things until it is killed, and says what it has kept after it was kept.
final class StoreChild {

  private StoreChild() {}

  static Process start(String work, Path dir) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Xmx128m");
    command.add("-cp");
    command.add(classPath());
    command.add(StoreChild.class.getName());
    command.add(work);
    command.add(dir.toString());
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  /// Some launchers of tests keep the class path in a class loader of their own.
  private static String classPath() {
    if (StoreChild.class.getClassLoader() instanceof URLClassLoader own) {
      return Arrays.stream(own.getURLs())
          .map(url -> Path.of(url.getPath()).toString())
          .collect(Collectors.joining(File.pathSeparator));
    }
    return System.getProperty("java.class.path");
  }

  public static void main(String[] args) throws IOException {
    try (StoreFixture store = StoreFixture.open(Path.of(args[1]), Optional.empty())) {
      switch (args[0]) {
        case "steps" -> steps(store);
        case "requests" -> requests(store);
        case "files" -> files(store);
        case "upload" -> upload(store);
        default -> throw new IllegalArgumentException(args[0]);
      }
    }
  }

  private static void steps(StoreFixture store) {
    SqlJobs jobs = store.jobs();
    while (true) {
      Stored now = jobs.load("ftjob-a").orElseThrow();
      try {
        jobs.advance(
            new Advance(
                running(now.job()),
                now.version(),
                events(now.lastSeq() + 1, now.lastSeq() + 2),
                List.of(),
                List.of(egress("step " + now.version())),
                List.of(),
                Optional.empty(),
                Optional.of(NOW)));
        System.out.println(now.version() + 1);
      } catch (StaleJobException _) {
        // Another process was first.
      }
    }
  }

  /// Attempts at numbered requests, each under its key, over and over from the first one on.
  private static void requests(StoreFixture store) {
    SqlJobs jobs = store.jobs();
    String process = Long.toString(ProcessHandle.current().pid());
    for (int i = 0; ; i++) {
      Sent sent = new Sent(Optional.of("k" + i), false, "print" + i, NOW);
      Job job = job("ftjob-" + process + "-" + i);
      jobs.create(job, events(1, 2), NOW, sent);
      System.out.println(i);
    }
  }

  private static void files(StoreFixture store) throws IOException {
    SqlFiles files = new SqlFiles(store.database(), store.artifacts(), new Random(), Instant::now);
    for (int i = 0; ; i++) {
      byte[] content = ("content " + i + " ").repeat(2000).getBytes(StandardCharsets.UTF_8);
      System.out.println(
          files.keep("default", "f" + i, "fine-tune", new ByteArrayInputStream(content)).id());
    }
  }

  /// One upload that never ends by itself.
  private static void upload(StoreFixture store) throws IOException {
    SqlFiles files = new SqlFiles(store.database(), store.artifacts(), new Random(), Instant::now);
    InputStream slow =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }

          @Override
          public int read(byte[] into, int from, int length) throws IOException {
            System.out.println("more");
            try {
              Thread.sleep(20);
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            return 1000;
          }
        };
    files.keep("default", "endless", "fine-tune", slow);
  }
}
