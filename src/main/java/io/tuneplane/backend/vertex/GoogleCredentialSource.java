package io.tuneplane.backend.vertex;

import com.google.auth.oauth2.GoogleCredentials;
import java.io.IOException;
import java.util.List;

/// Where Google's credentials come from. Asked once, when they are first needed.
@FunctionalInterface
interface GoogleCredentialSource {

  /// The credentials.
  ///
  /// @throws IOException if there are none
  GoogleCredentials get() throws IOException;

  /// Google's application-default credentials: the file that `GOOGLE_APPLICATION_CREDENTIALS`
  /// names, else those of `gcloud auth application-default login`, else the machine's own in Google
  /// Cloud.
  static GoogleCredentialSource applicationDefault() {
    return () ->
        GoogleCredentials.getApplicationDefault()
            .createScoped(List.of("https://www.googleapis.com/auth/cloud-platform"));
  }
}
