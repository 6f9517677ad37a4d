package io.tuneplane.api;

import io.tuneplane.api.CostRequest.Load;
import io.tuneplane.backend.Problem;
import io.tuneplane.config.Settings;
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

/// Decides in this process, over the places as they answer now. Safe for many threads.
public final class InProcessDecisions implements DecisionsApi {

  private final WorldReader world;
  private final Decisions decisions;
  private final InstantSource clock;

  /// @param world what decisions rest on
  /// @param decisions where they are kept
  public InProcessDecisions(WorldReader world, Decisions decisions, InstantSource clock) {
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
        decisions.save(Settings.DEFAULT_ORGANISATION, StoredDecision.of(inputs, decision)),
        decision);
  }

  @Override
  public Replayed replay(String id) {
    String text =
        decisions
            .find(Settings.DEFAULT_ORGANISATION, id)
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
  private static DataSummary summary(DecideRequest.Data data) throws IOException {
    Path canonical = Files.createTempFile("tuneplane-decide", ".jsonl");
    try {
      Result result =
          new DatasetCheck(
                  CheckSettings.of(
                      Target.LOCAL, Optional.of(OpenAiTokens.o200k(Integer.MAX_VALUE))))
              .run(
                  new Input(Path.of(data.training()), Optional.of(canonical)),
                  data.validation().map(file -> new Input(Path.of(file), Optional.empty())),
                  DatasetCheck.Progress.NONE);
      accept(data.training(), result.training());
      return DataSummaries.of(
          canonical,
          result.training(),
          result.validation().map(CheckReport::valid).orElse(0L),
          data.flags());
    } catch (DataException e) {
      throw wrong("training_file", String.valueOf(e.getMessage()));
    } finally {
      Files.deleteIfExists(canonical);
    }
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
