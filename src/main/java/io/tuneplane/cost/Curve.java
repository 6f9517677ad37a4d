package io.tuneplane.cost;

import java.util.List;

/// What serving an offer costs a month, by volume: for charts.
///
/// @param offer place and model
/// @param points by rising volume, spaced evenly on a logarithmic scale
public record Curve(Offer offer, List<Point> points) {

  public Curve {
    points = List.copyOf(points);
  }

  /// The cost of a month with so many requests.
  public record Point(long requests, Money monthly) {}
}
