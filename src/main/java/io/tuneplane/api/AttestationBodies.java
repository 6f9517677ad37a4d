package io.tuneplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.policy.Attestation;
import io.tuneplane.policy.Purpose;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;

/// Attestations: JSON to [Attestation] and back. Unknown fields are refused.
public final class AttestationBodies {

  private static final List<String> KNOWN =
      List.of("destination", "document", "endpoint", "flag", "region", "until", "when", "who");

  private AttestationBodies() {}

  /// Reads a request's body.
  ///
  /// @throws RequestException naming every field that is wrong
  public static Attestation read(JsonNode body) {
    Fields fields = Fields.of(body);
    fields.onlyKnown(KNOWN);
    String who = fields.required("who");
    LocalDate when = day(fields, "when");
    LocalDate until = day(fields, "until");
    String document = fields.required("document");
    String flag = fields.required("flag");
    String destination = fields.required("destination");
    Purpose endpoint = ForecastBodies.word(fields, "endpoint", Purpose.TRAINING);
    if (until.isBefore(when)) {
      fields.problem("until", "must not be before when");
    }
    fields.done();
    return new Attestation(
        who, when, until, document, flag, destination, endpoint, fields.text("region"));
  }

  private static LocalDate day(Fields fields, String name) {
    String text = fields.required(name);
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      if (!text.isEmpty()) {
        fields.problem(name, "must be a day such as 2027-01-06");
      }
      return LocalDate.EPOCH;
    }
  }

  /// Writes an attestation as a body that [#read] reads as the same.
  public static ObjectNode write(Attestation attestation) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("who", attestation.who());
    body.put("when", attestation.when().toString());
    body.put("until", attestation.until().toString());
    body.put("document", attestation.document());
    body.put("flag", attestation.flag());
    body.put("destination", attestation.destination());
    body.put("endpoint", attestation.endpoint().wireName());
    attestation.region().ifPresent(region -> body.put("region", region));
    return body;
  }
}
