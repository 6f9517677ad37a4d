/// The rate at which this machine's cores read memory, in GB/s: `Bandwidth THREADS`. The best of
/// ten passes over half a gigabyte.
void main(String[] arguments) throws InterruptedException {
  int threads = Integer.parseInt(arguments[0]);
  long[] data = new long[1 << 26];
  double best = 0;
  for (int pass = 0; pass < 10; pass++) {
    long start = System.nanoTime();
    Thread[] readers = new Thread[threads];
    for (int t = 0; t < threads; t++) {
      int from = data.length / threads * t;
      readers[t] = Thread.ofPlatform().start(() -> read(data, from, from + data.length / threads));
    }
    for (Thread reader : readers) {
      reader.join();
    }
    best = Math.max(best, 8.0 * data.length / (System.nanoTime() - start));
  }
  IO.println("%.1f".formatted(best));
}

final java.util.concurrent.atomic.LongAdder sink = new java.util.concurrent.atomic.LongAdder();

void read(long[] data, int from, int to) {
  for (int block = from; block < to; block += 1 << 16) {
    sink.add(sum(data, block, Math.min(to, block + (1 << 16))));
  }
}

long sum(long[] data, int from, int to) {
  long sum = 0;
  for (int i = from; i < to; i++) {
    sum += data[i];
  }
  return sum;
}
