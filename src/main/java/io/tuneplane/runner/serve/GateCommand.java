package io.tuneplane.runner.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.model.BaseModel;
import io.tuneplane.model.Models;
import io.tuneplane.runner.ExitCode;
import io.tuneplane.runner.serve.engine.Adapter;
import io.tuneplane.runner.serve.engine.AdapterReader;
import io.tuneplane.runner.serve.engine.DecoderSettings;
import io.tuneplane.runner.serve.engine.Engine;
import io.tuneplane.runner.serve.engine.EngineSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `runner gate`.
@Command(name = "runner gate")
public final class GateCommand implements CommandRun.Task {

  private final PrintStream out;
  private final PrintStream err;

  @Mixin private ModelOptions model = new ModelOptions();

  @Option(names = "--adapter", paramLabel = "PATH")
  private @Nullable Path adapter;

  @Option(names = "--golden", required = true, paramLabel = "FILE")
  private Path golden = Path.of("");

  /// @param out takes the report, one line of JSON
  public GateCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /// Scores the golden answers.
  public ExitCode run(List<String> arguments) {
    return CommandRun.of(this, arguments, err);
  }

  @Override
  public ExitCode call() throws IOException {
    try (BaseModel base = Models.open(model.model(), model.cache())) {
      List<GoldenAnswer> answers = read(base.config().vocabSize());
      AdapterReader reader = new AdapterReader(base, model.unverified());
      Optional<Adapter> tuned = Optional.ofNullable(adapter).map(reader::read);
      DecoderSettings settings = model.decoder(base.config(), 1);
      try (Engine engine = new Engine(base, settings, EngineSettings.DEFAULT)) {
        GateReport report = new Gate(engine, settings.precision()).judge(answers, tuned);
        out.println(new String(ApiJson.write(report.json()), StandardCharsets.UTF_8));
        return report.passed() ? ExitCode.DONE : ExitCode.NOT_PASSED;
      }
    }
  }

  private List<GoldenAnswer> read(int vocabulary) throws IOException {
    try (Stream<String> lines = Files.lines(golden)) {
      List<GoldenAnswer> answers =
          lines.filter(l -> !l.isBlank()).map(l -> answer(l, vocabulary)).toList();
      if (answers.isEmpty()) {
        throw ApiException.bad(golden + " holds no golden answers");
      }
      return answers;
    }
  }

  private static GoldenAnswer answer(String line, int vocabulary) {
    ObjectNode json = ApiJson.read(line.getBytes(StandardCharsets.UTF_8));
    return GoldenAnswer.read(json, vocabulary);
  }
}
