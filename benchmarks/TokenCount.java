import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import io.tuneplane.dataset.Example;
import io.tuneplane.dataset.Message;
import io.tuneplane.dataset.OpenAiTokens;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;

/// Exact counting of o200k_base tokens against jtokkit, on one core, in seconds of CPU:
/// `java -cp 'target/tuneplane.jar:target/lib/*' benchmarks/TokenCount.java FILE...`. Each file is cut into
/// examples of 1,000 characters.
final class TokenCount {

  private static final int ROUNDS = 12;

  private TokenCount() {}

  public static void main(String[] files) throws Exception {
    List<String> texts = new ArrayList<>();
    for (Path file : Arrays.stream(files).map(Path::of).toList()) {
      String text = Files.readString(file);
      for (int at = 0; at < text.length(); at += 1000) {
        texts.add(text.substring(at, Math.min(text.length(), at + 1000)));
      }
    }
    long bytes = texts.stream().mapToLong(t -> t.getBytes(StandardCharsets.UTF_8).length).sum();
    Encoding jtokkit = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
    OpenAiTokens ours = OpenAiTokens.o200k(1 << 30);
    int empty = ours.count(example("")).tokens();

    double peer = speed("jtokkit", bytes, texts, jtokkit::countTokensOrdinary);
    double own = speed("ours", bytes, texts, t -> ours.count(example(t)).tokens() - empty);
    for (String text : texts) {
      int a = jtokkit.countTokensOrdinary(text);
      int b = ours.count(example(text)).tokens() - empty;
      if (a != b) {
        throw new AssertionError(a + " and " + b + " tokens: " + text);
      }
    }
    System.out.printf(Locale.ROOT, "the same counts; %.1f times as fast%n", own / peer);
  }

  private static Example example(String text) {
    return new Example.Chat(List.of(Message.of("user", text)), List.of());
  }

  private static double speed(
      String name, long bytes, List<String> texts, ToIntFunction<String> count) {
    var threads = ManagementFactory.getThreadMXBean();
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long start = threads.getCurrentThreadCpuTime();
      texts.forEach(count::applyAsInt);
      best = Math.max(best, bytes / ((threads.getCurrentThreadCpuTime() - start) / 1e9));
    }
    System.out.printf(Locale.ROOT, "%-8s %7.1f MB/s%n", name, best / 1e6);
    return best;
  }
}
