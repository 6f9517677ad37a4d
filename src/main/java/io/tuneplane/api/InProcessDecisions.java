package io.tuneplane.api;

import io.tuneplane.access.Caller;
import io.tuneplane.api.CostRequest.Load;
import io.tuneplane.backend.Problem;
import io.tuneplane.cost.Range;
import io.tuneplane.cost.Workload;
import io.tuneplane.dataset.CheckReport;
import io.tuneplane.dataset.CheckSettings;
import io.tuneplane.dataset.DataException;
import io.tuneplane.dataset.DatasetCheck;
import io.tuneplane.dataset.DatasetCheck.Input;
import io.tuneplane.dataset.DatasetCheck.Result;
import io.tuneplane.dataset.OpenAiTokens;
import io.tuneplane.dataset.Target;
import io.tuneplane.decision.DataSummary;
import io.tuneplane.decision.Decider;
import io.tuneplane.decision.Decision;
import io.tuneplane.decision.DecisionInputs;
import io.tuneplane.decision.DecisionRequest;
import io.tuneplane.decision.Forecast;
import io.tuneplane.decision.StoredDecision;
import io.tuneplane.job.DataFiles;
import io.tuneplane.job.DataSummaries;
import io.tuneplane.job.Decisions;
import io.tuneplane.job.HyperparameterRules;
import io.tuneplane.job.WorldReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Decides for a caller, over the places as they answer now. Safe for many threads.
public final class InProcessDecisions implements DecisionsApi {

  private final Caller caller;
  private final WorldReader world;
  private final Decisions decisions;
  private final DataFiles files;
  private final InstantSource clock;

  /// @param caller whose files and decisions they are
  /// @param world what decisions rest on
  /// @param decisions where they are kept
  /// @param files where uploaded files are
  public InProcessDecisions(
      Caller caller, WorldReader world, Decisions decisions, DataFiles files, InstantSource clock) {
    this.caller = caller;
    this.files = files;
    this.world = world;
    this.decisions = decisions;
    this.clock = clock;
  }

  @Override
  public Decided decide(DecideRequest request) throws IOException {
    Instant now = clock.instant();
    DataSummary data = summary(request.data());
    DecisionInputs inputs =
        new DecisionInputs(
            new DecisionRequest(
                request.wish(), request.method(), data, request.needs(), forecast(request, data)),
            world.read(LocalDate.ofInstant(now, ZoneOffset.UTC)),
            now);
    Decision decision = Decider.decide(inputs);
    return new Decided(
        decisions.save(caller.organisation(), StoredDecision.of(inputs, decision)), decision);
  }

  @Override
  public Replayed replay(String id) {
    String text =
        decisions
            .find(caller.organisation(), id)
            .orElseThrow(() -> new NotFoundException("decision", id));
    return new Replayed(id, StoredDecision.replay(text), StoredDecision.parse(text).decision());
  }

  private static Forecast forecast(DecideRequest request, DataSummary data) {
    DecideRequest.Outlook outlook = request.outlook();
    return new Forecast(
        outlook.epochs().orElseGet(() -> HyperparameterRules.autoEpochs(data.examples())),
        outlook.load().monthlyRequests().map(requests -> workload(requests, outlook.load(), data)),
        outlook.months(),
        outlook.own());
  }

  /// What the request doesn't say of prompts and answers, the data's own means say.
  private static Workload workload(Range requests, Load load, DataSummary data) {
    return new Workload(
        requests,
        load.inputTokens()
            .or(() -> data.means().map(means -> Range.of(means.inputTokens())))
            .orElseThrow(() -> wrong("input-tokens", "is missing, and the data has no mean")),
        load.outputTokens()
            .or(() -> data.means().map(means -> Range.of(means.outputTokens())))
            .orElseThrow(() -> wrong("output-tokens", "is missing, and the data has no mean")),
        load.cachedShare(),
        load.growthPerMonth(),
        load.peakToMean());
  }

  /// Checks the files as `tune` would, on a copy that is gone afterwards.
  private DataSummary summary(DecideRequest.Data data) throws IOException {
    Path training = path("training_file", data.training());
    Optional<Path> validation =
        data.validation().isEmpty()
            ? Optional.empty()
            : Optional.of(path("validation_file", data.validation().get()));
    Path canonical = Files.createTempFile("tuneplane-decide", ".jsonl");
    try {
      Result result =
          new DatasetCheck(
                  CheckSettings.of(
                      Target.LOCAL, Optional.of(OpenAiTokens.o200k(Integer.MAX_VALUE))))
              .run(
                  new Input(training, Optional.of(canonical)),
                  validation.map(file -> new Input(file, Optional.empty())),
                  DatasetCheck.Progress.NONE);
      accept(data.training(), result.training());
      return DataSummaries.of(
          canonical,
          result.training(),
          result.validation().map(CheckReport::valid).orElse(0L),
          flags(data));
    } catch (DataException e) {
      throw wrong("training_file", String.valueOf(e.getMessage()));
    } finally {
      Files.deleteIfExists(canonical);
    }
  }

  private Path path(String field, String id) throws IOException {
    return files.content(
        files
            .find(caller.organisation(), id)
            .orElseThrow(
                () -> wrong(field, "there is no file " + Words.quoted(id) + "; upload it first")));
  }

  private List<String> flags(DecideRequest.Data data) {
    return Stream.concat(data.flags().stream(), caller.flags().stream()).distinct().toList();
  }

  private static void accept(String file, CheckReport report) {
    if (report.valid() == 0) {
      throw wrong(
          "training_file",
          file
              + " has no valid example"
              + report.errors().stream().findFirst().map(f -> "; " + f.message()).orElse(""));
    }
  }

  private static RequestException wrong(String field, String message) {
    return new RequestException(List.of(new Problem(field, message)));
  }
}
