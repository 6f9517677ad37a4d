package io.tuneplane.cli;

import io.tuneplane.api.CostAnswer;
import io.tuneplane.api.CostAnswer.Curve;
import io.tuneplane.api.CostAnswer.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Serving cost over volume as SVG, both axes logarithmic: managed options rise evenly, own
/// hardware goes up in steps, and where they cross the cheaper one changes. Colours come from the
/// page's stylesheet.
final class CostChart {

  private static final int WIDTH = 960;
  private static final int HEIGHT = 440;
  private static final int LEFT = 72;
  private static final int RIGHT = 232;
  private static final int TOP = 18;
  private static final int BOTTOM = 46;
  private static final int LABEL_GAP = 17;
  private static final int COLOURS = 8;

  private final CostAnswer answer;
  private final double lowX;
  private final double highX;
  private final double lowY;
  private final double highY;
  private final StringBuilder svg = new StringBuilder();

  CostChart(CostAnswer answer) {
    this.answer = answer;
    List<Point> points = answer.curves().stream().flatMap(c -> c.points().stream()).toList();
    lowX = points.stream().mapToDouble(Point::requests).min().orElse(1);
    highX = points.stream().mapToDouble(Point::requests).max().orElse(10);
    highY = Math.max(10, points.stream().mapToDouble(CostChart::usd).max().orElse(10)) * 1.3;
    // Five decades show a breakeven with room around it; pennies below are no news.
    lowY =
        Math.max(
            highY / 1e5,
            points.stream().mapToDouble(CostChart::usd).filter(u -> u > 0).min().orElse(1));
  }

  String svg() {
    svg.append(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Monthly serving cost by requests a month\">\n"
            .formatted(WIDTH, HEIGHT));
    svg.append(
        "<clipPath id=\"plot\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/></clipPath>\n"
            .formatted(LEFT, TOP, WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM));
    gridX();
    gridY();
    workload();
    curves();
    breakevens();
    labels();
    return svg.append("</svg>\n").toString();
  }

  private void gridX() {
    for (double tick = decade(lowX); tick <= highX; tick *= 10) {
      if (tick >= lowX) {
        line("grid", x(tick), TOP, x(tick), HEIGHT - BOTTOM);
        text("tick mid", x(tick), HEIGHT - BOTTOM + 18, shortly(tick));
      }
    }
    text("axis mid", (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 8, "requests a month");
  }

  private void gridY() {
    for (double tick = decade(lowY); tick <= highY; tick *= 10) {
      if (tick >= lowY) {
        line("grid", LEFT, y(tick), WIDTH - RIGHT, y(tick));
        text("tick end", LEFT - 8.0, y(tick) + 4, "$" + shortly(tick));
      }
    }
  }

  private void workload() {
    answer
        .asked()
        .workload()
        .map(load -> likely(load.monthlyRequests()))
        .filter(requests -> requests >= lowX && requests <= highX)
        .ifPresent(requests -> {
          line("now", x(requests), TOP, x(requests), HEIGHT - BOTTOM);
          text("tick", x(requests) + 6, TOP + 12.0, "asked: " + shortly(requests));
        });
  }

  /// The middle one of `low..likely..high`, or the number.
  private static double likely(String range) {
    String[] parts = range.split("\\.\\.", -1);
    return Double.parseDouble(parts.length == 3 ? parts[1] : parts[0]);
  }

  private void curves() {
    for (int i = 0; i < answer.curves().size(); i++) {
      StringBuilder path = new StringBuilder();
      for (Point point : answer.curves().get(i).points()) {
        path.append(path.isEmpty() ? 'M' : 'L')
            .append(number(x((double) point.requests())))
            .append(' ')
            .append(number(y(usd(point))));
      }
      String own = answer.curves().get(i).kind().equals("own") ? " own" : "";
      svg.append(
          "<path class=\"curve%s c%d\" clip-path=\"url(#plot)\" d=\"%s\"/>\n"
              .formatted(own, i % COLOURS, path));
    }
  }

  private void breakevens() {
    for (List<CostAnswer.Breakeven> changes : CostPairs.of(answer).changes()) {
      CostAnswer.Breakeven b = changes.getFirst();
      answer.curves().stream()
          .filter(c -> c.provider().equals(b.to()) && c.model().equals(b.toModel()))
          .findFirst()
          .map(curve -> at(curve, (double) b.requestsPerMonth()))
          .filter(cost -> cost >= lowY && b.requestsPerMonth() <= highX)
          .ifPresent(cost ->
              svg.append(
                  "<circle class=\"even\" cx=\"%s\" cy=\"%s\" r=\"3.5\"><title>%s requests a month: %s is cheaper from here</title></circle>\n"
                      .formatted(
                          number(x((double) b.requestsPerMonth())),
                          number(y(cost)),
                          CostText.group(b.requestsPerMonth()),
                          CostPage.escape(b.to()))));
    }
  }

  /// The curve's cost at a volume, read between its points.
  private static double at(Curve curve, double requests) {
    Point below = curve.points().getFirst();
    for (Point point : curve.points()) {
      if (point.requests() >= requests) {
        double span = Math.log((double) point.requests() / below.requests());
        double part = span == 0 ? 0 : Math.log(requests / below.requests()) / span;
        return Math.exp(Math.log(usd(below)) * (1 - part) + Math.log(usd(point)) * part);
      }
      below = point;
    }
    return usd(below);
  }

  private record Label(int colour, String text, double y) {}

  /// Names at the curves' ends, moved apart where they would overlap.
  private void labels() {
    List<Label> labels = new ArrayList<>();
    for (int i = 0; i < answer.curves().size(); i++) {
      Curve curve = answer.curves().get(i);
      labels.add(new Label(i % COLOURS, name(curve), y(usd(curve.points().getLast()))));
    }
    labels.sort(Comparator.comparingDouble(Label::y));
    double next = TOP + 6.0;
    double spare = HEIGHT - BOTTOM - LABEL_GAP * (double) labels.size();
    for (Label label : labels) {
      double y =
          Math.max(next, Math.min(label.y(), spare + LABEL_GAP * (double) labels.indexOf(label)));
      svg.append(
          "<path class=\"lead c%d\" d=\"M%d %sL%d %s\"/>\n"
              .formatted(
                  label.colour(), WIDTH - RIGHT, number(label.y()), WIDTH - RIGHT + 12, number(y)));
      text("name f" + label.colour(), WIDTH - RIGHT + 16.0, y + 4, label.text());
      next = y + LABEL_GAP;
    }
  }

  private static String name(Curve curve) {
    return curve.kind().equals("managed")
        ? curve.provider()
        : curve.provider() + ", " + curve.model().replace("-instruct", "");
  }

  private void line(String kind, double x1, double y1, double x2, double y2) {
    svg.append(
        "<line class=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>\n"
            .formatted(kind, number(x1), number(y1), number(x2), number(y2)));
  }

  private void text(String kind, double x, double y, String text) {
    svg.append(
        "<text class=\"%s\" x=\"%s\" y=\"%s\">%s</text>\n"
            .formatted(kind, number(x), number(y), CostPage.escape(text)));
  }

  private double x(double requests) {
    return LEFT + (WIDTH - LEFT - RIGHT) * part(requests, lowX, highX);
  }

  private double y(double usd) {
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * part(Math.max(usd, lowY / 10), lowY, highY);
  }

  private static double part(double value, double low, double high) {
    return Math.log(value / low) / Math.log(high / low);
  }

  private static double usd(Point point) {
    return Double.parseDouble(point.usd());
  }

  private static double decade(double value) {
    return Math.pow(10, Math.floor(Math.log10(value)));
  }

  private static String shortly(double value) {
    if (value >= 1e9) {
      return trimmed(value / 1e9) + "B";
    }
    if (value >= 1e6) {
      return trimmed(value / 1e6) + "M";
    }
    return value >= 1e3 ? trimmed(value / 1e3) + "K" : trimmed(value);
  }

  private static String trimmed(double value) {
    return String.format(Locale.ROOT, "%.2f", value).replaceAll("\\.?0+$", "");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
