package io.tuneplane.backend.vertex;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of what a job leaves: the endpoint that answers, and the model that tuning can go on
/// from. Written as `ENDPOINT?model=MODEL`.
///
/// @param endpoint `projects/P/locations/L/endpoints/E`
/// @param model `projects/P/locations/L/models/M@V`; empty where Google named none
record TunedName(String endpoint, Optional<String> model) {

  private static final Pattern FORM =
      Pattern.compile(
          "(projects/[^/?]+/locations/[^/?]+/endpoints/[^/?]+)"
              + "(?:\\?model=(projects/[^/?]+/locations/[^/?]+/models/[^/?]+))?");

  static Optional<TunedName> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(new TunedName(matcher.group(1), Optional.ofNullable(matcher.group(2))))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return endpoint + model.map(m -> "?model=" + m).orElse("");
  }
}
