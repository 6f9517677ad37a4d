package io.tuneplane.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Scanner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The expected figures were printed by NumPy 2: `int(x.mean())`, `int(np.median(x))`,
/// `int(np.percentile(x, 95))`, `int(x.sum())`.
class TokenHistogramTest {

  @ParameterizedTest
  @CsvSource({
    "7, 7, 7, 7, 7",
    "1 2, 1, 1, 1, 3",
    "3 3 4, 3, 3, 3, 10",
    "10 20 30 40, 25, 25, 38, 100",
    "5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 1000, 54, 5, 54, 1095",
    "1 100000, 50000, 50000, 95000, 100001",
    "20000 30000 16384 16383, 20691, 18192, 28499, 82767",
    "2551 1046 1468 2828 2670 2171 118 1907 1020 2658 212 642 463 1522 1921 1009 1559 2227 417 2350"
        + " 1021, 1513, 1522, 2670, 31780",
    "53 2994 887 1671 1144 745 1595 653 294 568 2531 2529 1822 518 541 7 21 857 882 679 681 1184"
        + " 1284 814 2208 2776 2562 838 744 2828 806 1569 1223 88 1479 1699 679 596 1080 266, 1159,"
        + " 869, 2778, 46395",
    "1359 1234 2470 2400 13 2441 2776 2898 1384 270 1269 1455 1253 1969 2852 1293 756 1971 1935"
        + " 2886 721 233 1049 93 1464 1655 74 2248 1715 1499 1541 2369 37 1854 191 2898 741 2554"
        + " 804 487 1007, 1466, 1455, 2886, 60118",
    "1893 1410 2099 1453 2149 1027 1895 442 2415 1504 1211 150 1773 373 853 1395 2100 2501 1485 607"
        + " 1392 1129 2877 2232 377 1279 2809 1297 1254 726 320 2567 609 2953 2822 1266 1981 661"
        + " 2949 198 331 2460 2185 1662 130 972 2432 1408 1024 1866 2666 1727 596 228 2614 134 2021"
        + " 1368 848 534, 1460, 1401, 2824, 87639"
  })
  void figuresAreNumpys(String values, long mean, long median, long p95, long total) {
    TokenHistogram histogram = new TokenHistogram();
    try (Scanner each = new Scanner(values)) {
      each.tokens().forEach(value -> histogram.add(Integer.parseInt(value)));
    }
    assertThat(histogram.summary())
        .isEqualTo(new TokenSummary(mean, median, p95, most(values), total));
  }

  private static long most(String values) {
    try (Scanner each = new Scanner(values)) {
      return each.tokens().mapToLong(Long::parseLong).max().orElseThrow();
    }
  }

  @Test
  void noExamplesGiveZeros() {
    assertThat(new TokenHistogram().summary()).isEqualTo(new TokenSummary(0, 0, 0, 0, 0));
  }
}
