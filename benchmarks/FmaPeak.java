import java.util.concurrent.CountDownLatch;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// How many floating-point operations a second the processor does in a bare loop of fused
/// multiply-adds on registers, which no matrix product can exceed at 32 bits:
/// `java --add-modules jdk.incubator.vector FmaPeak.java THREADS`.
final class FmaPeak {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int ROUNDS = 1_000_000;
  private static final int TRIES = 200;
  private static final int CHAINS = 12;
  private static volatile float sink;

  private FmaPeak() {}

  public static void main(String[] args) throws InterruptedException {
    int threads = Integer.parseInt(args[0]);
    double best = 0;
    for (int i = 0; i < TRIES; i++) {
      best = Math.max(best, measure(threads));
    }
    System.out.printf(java.util.Locale.ROOT, "%.0f%n", best);
  }

  private static double measure(int threads) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(threads);
    long start = System.nanoTime();
    for (int t = 0; t < threads; t++) {
      Thread.ofPlatform()
          .start(() -> {
            sink = chains();
            done.countDown();
          });
    }
    done.await();
    double seconds = (System.nanoTime() - start) / 1e9;
    return 2.0 * threads * ROUNDS * CHAINS * SPECIES.length() / seconds;
  }

  /// Twelve chains, so that none waits for its own last result.
  private static float chains() {
    FloatVector x = FloatVector.broadcast(SPECIES, 0.999f);
    FloatVector y = FloatVector.broadcast(SPECIES, 0.001f);
    FloatVector a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
    for (int n = 0; n < ROUNDS; n++) {
      a = a.fma(x, y);
      b = b.fma(x, y);
      c = c.fma(x, y);
      d = d.fma(x, y);
      e = e.fma(x, y);
      f = f.fma(x, y);
      g = g.fma(x, y);
      h = h.fma(x, y);
      i = i.fma(x, y);
      j = j.fma(x, y);
      k = k.fma(x, y);
      l = l.fma(x, y);
    }
    return a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k).add(l).lane(0);
  }
}
