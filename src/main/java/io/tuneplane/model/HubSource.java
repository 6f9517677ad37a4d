package io.tuneplane.model;

import io.tuneplane.config.Settings;
import io.tuneplane.model.HubListing.RemoteFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/// A model hub with Hugging Face's API, or a mirror of it.
///
/// @param hub its address and our token
/// @param waits how broken transfers wait
record HubSource(Settings.Hub hub, Download.Waits waits) implements ModelSource {

  private static final int MAX_LISTING_BYTES = 32 << 20;

  @Override
  public String describe() {
    return "the hub at " + hub.endpoint();
  }

  @Override
  public StoredModel fetch(ModelName name, Path into, FetchListener listener)
      throws InterruptedException {
    String id =
        switch (name) {
          case ModelName.Known known -> known.entry().hubId();
          case ModelName.OnHub onHub -> onHub.id();
          case ModelName.OnDisk _ -> throw new ModelException("a path is not fetched");
        };
    try (HubClient client = new HubClient(hub)) {
      HubListing listing = listing(client, id);
      checkSpace(listing, into);
      SequencedMap<String, String> digests = new TreeMap<>();
      boolean checked = false;
      for (RemoteFile file : listing.files()) {
        if (file.isWeights() && !checked) {
          check(id, into); // before gigabytes are fetched in vain
          checked = true;
        }
        digests.put(file.name(), fetch(client, id, listing.revision(), file, into, listener));
      }
      return new StoredModel(Optional.empty(), describe(), listing.revision(), digests);
    }
  }

  private HubListing listing(HubClient client, String id) throws InterruptedException {
    String what = "model " + id;
    try {
      HttpResponse<InputStream> answer =
          client.get(client.address("api/models/%s/revision/main?blobs=true".formatted(id)), 0);
      if (answer.statusCode() != 200) {
        throw client.refusal(answer, what);
      }
      try (InputStream body = answer.body();
          StallGuard _ = new StallGuard(body, waits.patience())) {
        return HubListing.parse(ModelJson.object(body.readNBytes(MAX_LISTING_BYTES), what), what);
      }
    } catch (IOException e) {
      throw new ModelException("it can't be reached: " + reason(e), e);
    }
  }

  /// The client's own exception for this has no message.
  private static String reason(IOException e) {
    return e instanceof ConnectException
        ? "no connection (the host is unknown, nothing listens there, or a firewall is between)"
        : e.toString();
  }

  private static void checkSpace(HubListing listing, Path into) {
    try {
      long free = Files.getFileStore(into).getUsableSpace();
      if (listing.bytes() > free) {
        throw new ModelException(
            "the model has %d MB, and %s has only %d MB left"
                .formatted(listing.bytes() >> 20, into, free >> 20));
      }
    } catch (IOException e) {
      throw new ModelException("%s can't be read: %s".formatted(into, e), e);
    }
  }

  private static void check(String id, Path folder) {
    HfConfig.read(folder);
    if (!Files.isRegularFile(folder.resolve("tokenizer.json"))) {
      throw new ModelException(id + " has no tokenizer.json, the one kind that is read");
    }
  }

  private String fetch(
      HubClient client,
      String id,
      String revision,
      RemoteFile file,
      Path into,
      FetchListener listener)
      throws InterruptedException {
    Download download =
        new Download(
            client,
            client.address("%s/resolve/%s/%s".formatted(id, revision, file.name())),
            file,
            into.resolve(file.name()),
            waits);
    return download.run(
        done -> listener.progress(new FetchProgress(describe(), file.name(), done, file.bytes())));
  }
}
