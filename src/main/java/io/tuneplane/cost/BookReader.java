package io.tuneplane.cost;

import io.tuneplane.cost.ComplianceFact.Answer;
import io.tuneplane.cost.ManagedModel.Tariff;
import io.tuneplane.cost.OwnPlace.Capacity;
import io.tuneplane.cost.OwnPlace.Rate;
import io.tuneplane.cost.PriceBook.Example;
import io.tuneplane.cost.PriceBook.Own;
import io.tuneplane.cost.PriceBook.Reference;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The price book's grammar: which keys it has and what they hold.
final class BookReader {

  private static final int MOST_DAYS = 3650;
  private static final Set<String> ZERO_ALLOWED =
      Set.of(Factor.STARTUP_MINUTES.wireName(), Factor.MINIMUM_REPLICAS.wireName());

  private final Fields book;

  BookReader(Fields book) {
    this.book = book;
  }

  PriceBook read() {
    book.maybeText("source");
    book.maybeText("read_on");
    PriceBook read =
        new PriceBook(
            book.text("name"),
            staleAfterDays(),
            assumptions(),
            each(book.child("managed"), BookReader::provider),
            own(),
            reference());
    book.done();
    return read;
  }

  private int staleAfterDays() {
    long days = book.whole("stale_after_days");
    if (days > MOST_DAYS) {
      throw book.wrong("stale_after_days", "expected at most " + MOST_DAYS + " days");
    }
    return (int) days;
  }

  private Map<Factor, PriceLine> assumptions() {
    Fields fields = book.child("assumptions");
    Map<Factor, PriceLine> lines = new EnumMap<>(Factor.class);
    for (Factor factor : Factor.values()) {
      if (factor.isAssumption()) {
        lines.put(factor, known(fields, factor.wireName()));
      }
    }
    fields.done();
    return lines;
  }

  private static PriceLine known(Fields fields, String key) {
    PriceLine line = fields.line(key);
    boolean mayBeZero = ZERO_ALLOWED.contains(key);
    if (line.value().filter(value -> mayBeZero || value.signum() > 0).isEmpty()) {
      throw fields.wrong(key, "an assumption must be a number" + (mayBeZero ? "" : " above 0"));
    }
    return line;
  }

  private static ManagedProvider provider(String id, Fields fields) {
    ManagedProvider provider =
        new ManagedProvider(
            id,
            fields.text("backend"),
            fields.maybeEnd("no_new_jobs"),
            fields.maybeLine("first_result_hours"),
            lines(fields.child("limits")),
            each(fields.child("models"), BookReader::managedModel));
    fields.done();
    return provider;
  }

  private static Map<String, PriceLine> lines(Fields fields) {
    Map<String, PriceLine> lines = new LinkedHashMap<>();
    fields.names().forEach(key -> lines.put(key, fields.line(key)));
    return lines;
  }

  private static ManagedModel managedModel(String id, Fields fields) {
    ManagedModel model =
        new ManagedModel(
            id,
            fields.text("label"),
            fields.texts("also"),
            new Tariff(
                fields.line("train_usd_per_million"),
                fields.line("input_usd_per_million"),
                fields.line("cached_input_usd_per_million"),
                fields.line("output_usd_per_million")),
            fields.maybeEnd("end"));
    fields.done();
    return model;
  }

  private Own own() {
    Map<String, Gpu> gpus = each(book.child("gpus"), BookReader::gpu);
    Map<String, OpenModel> models = each(book.child("open_models"), BookReader::openModel);
    Fields places = book.child("own");
    List<String> shown =
        places.children().entrySet().stream()
            .filter(place -> place.getValue().truth("shown"))
            .map(Map.Entry::getKey)
            .toList();
    return new Own(each(places, (id, fields) -> place(id, fields, gpus, models)), shown, models);
  }

  private static Gpu gpu(String id, Fields fields) {
    Gpu gpu =
        new Gpu(id, fields.text("label"), fields.line("peak_flops"), fields.line("memory_gib"));
    fields.done();
    return gpu;
  }

  private static OpenModel openModel(String id, Fields fields) {
    OpenModel model =
        new OpenModel(id, fields.text("label"), fields.texts("also"), fields.line("parameters"));
    fields.done();
    return model;
  }

  private static OwnPlace place(
      String id, Fields fields, Map<String, Gpu> gpus, Map<String, OpenModel> models) {
    fields.truth("shown");
    Rate rate =
        new Rate(
            fields.line("hourly_usd"),
            fields.maybeLine("training_tokens_per_second"),
            capacity(fields));
    OwnPlace place =
        new OwnPlace(
            id,
            fields.text("label"),
            fields.text("backend"),
            fields.maybeText("gpu").map(gpu -> lookup(fields, "gpu", gpu, gpus)),
            rate,
            fields.texts("models"));
    place.models().forEach(model -> lookup(fields, "models", model, models));
    fields.done();
    return place;
  }

  private static Capacity capacity(Fields fields) {
    String key = "serving_tokens_per_second";
    if (!fields.has(key)) {
      return new Capacity.Derived();
    }
    return fields.isText(key, "unlimited")
        ? new Capacity.Unlimited()
        : new Capacity.Stated(fields.line(key));
  }

  private Reference reference() {
    Fields classes = book.child("classes");
    List<ModelClass> named =
        classes.names().stream().map(name -> new ModelClass(name, classes.texts(name))).toList();
    return new Reference(
        named,
        List.copyOf(each(book.child("compliance"), (id, f) -> compliance(f)).values()),
        List.copyOf(each(book.child("comparison"), (id, f) -> row(f)).values()),
        book.has("example") ? Optional.of(example(book.child("example"))) : Optional.empty());
  }

  private static ComplianceFact compliance(Fields fields) {
    ComplianceFact fact =
        new ComplianceFact(
            fields.text("provider"),
            fields.text("capability"),
            fields.text("endpoint"),
            fields.text("region"),
            fields.oneOf("answer", Answer.class),
            fields.source());
    fields.done();
    return fact;
  }

  private static TableRow row(Fields fields) {
    Map<String, String> words = new LinkedHashMap<>();
    Fields providers = fields.child("providers");
    providers.names().forEach(name -> words.put(name, providers.text(name)));
    TableRow row = new TableRow(fields.text("aspect"), words, fields.source());
    fields.done();
    return row;
  }

  private static Example example(Fields fields) {
    Example example =
        new Example(
            fields.valid(
                "epochs",
                () ->
                    new TrainingVolume(
                        fields.whole("examples"),
                        fields.number("tokens_per_example"),
                        Math.toIntExact(fields.whole("epochs")))),
            Workload.steady(
                fields.whole("monthly_requests"),
                fields.whole("input_tokens"),
                fields.whole("output_tokens")));
    fields.done();
    return example;
  }

  private interface Maker<T> {
    T make(String id, Fields fields);
  }

  private static <T> Map<String, T> each(Fields parent, Maker<T> maker) {
    Map<String, T> made = new LinkedHashMap<>();
    parent.children().forEach((id, fields) -> made.put(id, maker.make(id, fields)));
    return made;
  }

  private static <T> T lookup(Fields fields, String key, String id, Map<String, T> known) {
    T found = known.get(id);
    if (found == null) {
      throw fields.wrong(key, "no '" + id + "' in this book");
    }
    return found;
  }
}
