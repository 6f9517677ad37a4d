import io.tuneplane.model.Models;
import java.nio.file.Path;

/// Prints the digest of a model's weights, which a job names: `java -cp ... BaseDigest.java MODEL`.
final class BaseDigest {

  private BaseDigest() {}

  public static void main(String[] args) {
    try (var base = Models.open(Path.of(args[0]))) {
      System.out.println(base.digest());
    }
  }
}
