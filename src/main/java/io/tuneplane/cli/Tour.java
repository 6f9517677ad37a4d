package io.tuneplane.cli;

import io.tuneplane.api.CostAnswer;
import io.tuneplane.api.CostRequest;
import io.tuneplane.api.DataCheckRequest;
import io.tuneplane.api.DecideRequest;
import io.tuneplane.api.DecisionsApi.Decided;
import io.tuneplane.api.FineTuningJob;
import io.tuneplane.backend.ChatRequest;
import io.tuneplane.backend.Method;
import io.tuneplane.cli.QuickstartCommand.Toured;
import io.tuneplane.cost.Horizon;
import io.tuneplane.cost.OwnPlan;
import io.tuneplane.cost.Question;
import io.tuneplane.cost.Range;
import io.tuneplane.dataset.CheckReport;
import io.tuneplane.dataset.CheckSettings;
import io.tuneplane.dataset.DatasetCheck;
import io.tuneplane.dataset.Message;
import io.tuneplane.decision.Needs;
import io.tuneplane.decision.Wish;
import io.tuneplane.job.Choice;
import io.tuneplane.job.HyperparameterChoices;
import io.tuneplane.job.JobRequest;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// The steps of the tour. What is said on the way goes to standard error, the result to the caller.
final class Tour {

  /// The forecast that the tour shows costs for.
  private static final long MONTHLY_REQUESTS = 100_000;

  private static final int ANSWER_TOKENS = 48;

  /// Twice the usual rate for two passes instead of three: as many facts learnt, in two thirds of
  /// the time.
  private static final double LEARNING_RATE_MULTIPLIER = 2;

  // So that two tours on like machines show the same.
  private static final long SEED = 7;

  private final CliContext context;
  private final Terminal terminal;
  private final Watching watching;
  private final Uploads uploads;
  private final Path folder;
  private int step;

  /// The uploaded data.
  private record Files(String training, Optional<String> validation) {}

  Tour(CliContext context, Watching watching, Path folder) {
    this.context = context;
    this.terminal = context.terminal();
    this.watching = watching;
    this.uploads = new Uploads(context.api());
    this.folder = folder;
  }

  Toured run(String model, int epochs) throws IOException {
    TourData data = TourData.unpack(folder);
    CheckReport report = check(data, model);
    Files files =
        new Files(uploads.training(data.training()), uploads.validation(data.validation()));
    Decided decided = decide(files, model, epochs);
    List<TourAnswer> before = before(data, model);
    FineTuningJob job = tune(files, model, epochs);
    List<TourAnswer> answers =
        job.fineTunedModel().map(tuned -> after(before, tuned)).orElse(before);
    if (job.fineTunedModel().isPresent()) {
      costs(report, epochs);
    }
    long recalled = answers.stream().filter(TourAnswer::knownAfter).count();
    long known = answers.stream().filter(TourAnswer::knownBefore).count();
    return new Toured(job, decided.id(), answers, known, recalled, answers.size());
  }

  private CheckReport check(TourData data, String model) throws IOException {
    heading("The data: support conversations of a shop that doesn't exist");
    CheckReport report =
        context
            .api()
            .data()
            .check(
                new DataCheckRequest(
                    data.training(),
                    Optional.of(data.validation()),
                    Optional.empty(),
                    Optional.empty(),
                    // Counting by its tokenizer fetches the model, with its progress shown here.
                    new DataCheckRequest.Counting(true, Optional.of(model), OptionalInt.empty()),
                    new DataCheckRequest.Thoroughness(true, CheckSettings.MAX_FINDINGS)),
                DatasetCheck.Progress.NONE)
            .training();
    say(
        "%d examples, %d valid, about %,d tokens once through"
            .formatted(report.total(), report.valid(), report.tokens().estimate().total()));
    return report;
  }

  private Decided decide(Files files, String model, int epochs) throws IOException {
    heading("The decision: where to tune it, at %,d requests a month".formatted(MONTHLY_REQUESTS));
    CostRequest.Load load =
        new CostRequest.Load(
            Optional.of(Range.of(MONTHLY_REQUESTS)),
            Optional.empty(),
            Optional.empty(),
            BigDecimal.ZERO,
            Range.of(0),
            Optional.empty());
    Decided decided =
        context
            .api()
            .decisions()
            .decide(
                new DecideRequest(
                    new DecideRequest.Data(files.training(), files.validation(), List.of()),
                    Wish.model(model),
                    Method.SUPERVISED,
                    Needs.NONE,
                    new DecideRequest.Outlook(
                        Optional.of(epochs), load, Horizon.DEFAULT_MONTHS, OwnPlan.DEFAULT)));
    say(new DecisionText(decided, terminal).text());
    return decided;
  }

  private List<TourAnswer> before(TourData data, String model) {
    heading("Before: what " + model + " says");
    return data.questions().stream()
        .map(q -> {
          String answer = ask(model, q.question());
          show(q.question(), answer);
          return new TourAnswer(q.question(), q.expected(), answer, "");
        })
        .toList();
  }

  private FineTuningJob tune(Files files, String model, int epochs) {
    heading("Tuning it on this machine");
    HyperparameterChoices choices =
        new HyperparameterChoices(
            Choice.of(epochs),
            Choice.auto(),
            Choice.of(LEARNING_RATE_MULTIPLIER),
            Choice.auto(),
            HyperparameterChoices.LoraChoices.DEFAULT,
            Optional.empty());
    JobRequest request =
        new JobRequest(
            new JobRequest.ModelRequest(
                Optional.of(model),
                Optional.empty(),
                Method.SUPERVISED,
                choices,
                Optional.of(SEED),
                Optional.of("quickstart")),
            files.training(),
            files.validation(),
            JobRequest.Placement.ANYWHERE,
            Map.of());
    FineTuningJob created = context.api().jobs().create(request);
    FineTuningJob ended = watching.toTheEnd(created.id(), true);
    say(JobText.ended(ended));
    return ended;
  }

  private List<TourAnswer> after(List<TourAnswer> before, String tuned) {
    heading("After: what " + tuned + " says");
    return before.stream()
        .map(q -> {
          TourAnswer asked = q.asked(ask(tuned, q.question()));
          show(q.question(), asked.after());
          return asked;
        })
        .toList();
  }

  private void costs(CheckReport report, int epochs) {
    heading("The costs, had the data 10,000 examples like these");
    CostAnswer answer =
        context
            .api()
            .costs()
            .compare(
                new CostRequest(
                    new CostRequest.Basis(
                        CostRequest.Basis.DEFAULT_BOOK,
                        Horizon.DEFAULT_MONTHS,
                        Question.DEFAULT_SEED),
                    new CostRequest.Volume(
                        Optional.of(10_000L),
                        Optional.of(BigDecimal.valueOf(report.tokens().estimate().mean())),
                        Optional.of(epochs)),
                    new CostRequest.Load(
                        Optional.of(Range.of(MONTHLY_REQUESTS)),
                        Optional.of(Range.of(300)),
                        Optional.of(Range.of(150)),
                        BigDecimal.ZERO,
                        Range.of(0),
                        Optional.empty()),
                    new CostRequest.Selection(List.of(), Optional.empty(), List.of()),
                    OwnPlan.DEFAULT));
    say(new CostText(answer).text());
  }

  private String ask(String model, String question) {
    StringBuilder answer = new StringBuilder();
    ChatRequest request = ChatRequest.greedy(List.of(Message.of("user", question)), ANSWER_TOKENS);
    context.api().models().chat(model, request, answer::append);
    return answer.toString().strip();
  }

  private void show(String question, String answer) {
    say("  " + terminal.dim("Q") + " " + question);
    say("  " + terminal.dim("A") + " " + Terminal.plain(answer).replace('\n', ' ') + "\n");
  }

  private void heading(String text) {
    terminal.err().println();
    say(terminal.bold(++step + ". " + text));
  }

  private void say(String text) {
    terminal.err().println(text.stripTrailing());
  }

  /// What to do next.
  String farewell() {
    return """
    Your own data:   tuneplane data check FILE
                     tuneplane decide FILE --monthly-requests 100000
                     tuneplane tune FILE --validation FILE --suffix NAME
    """;
  }
}
