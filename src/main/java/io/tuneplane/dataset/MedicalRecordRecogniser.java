package io.tuneplane.dataset;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds medical record numbers behind a word that says what they are; the number alone has no form
/// of its own. It has four digits at least.
final class MedicalRecordRecogniser implements Recogniser {

  private static final Pattern RECORD =
      Pattern.compile(
          "\\b(?:MRN|medical record(?: number| no\\.?| #)?|patient (?:id|number|no\\.?))"
              + "\\s{0,3}(?:is|[:#=-])?\\s{0,3}#?((?=[A-Z-]{0,4}\\d)[A-Z0-9][A-Z0-9-]{3,14})\\b",
          Pattern.CASE_INSENSITIVE);

  @Override
  public void find(String text, Sink sink) {
    Matcher m = RECORD.matcher(text);
    while (m.find()) {
      if (m.group(1).chars().filter(Character::isDigit).count() >= 4) {
        sink.found(SensitiveKind.MEDICAL_RECORD, m.group(1));
      }
    }
  }
}
