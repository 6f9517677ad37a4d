package io.tuneplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.backend.HardwareWish;
import io.tuneplane.job.HyperparameterChoices;
import io.tuneplane.job.HyperparameterChoices.LoraChoices;
import io.tuneplane.job.JobRequest;
import io.tuneplane.job.JobRequest.Placement;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A job's labels, and what those under `tuneplane.*` ask for.
///
/// @param all every label, as it was sent
/// @param placement where the job may run
/// @param modelClass a class of models, where the model is `auto`
/// @param lora the adapter's shape
/// @param quantization how the frozen weights are held
record JobMetadata(
    Map<String, String> all,
    Placement placement,
    Optional<String> modelClass,
    LoraChoices lora,
    Optional<String> quantization) {

  /// What stands before the names that are ours.
  static final String PREFIX = "tuneplane.";

  /// OpenAI's bounds on labels; those that are ours don't count.
  static final int MOST = 16;

  static final int LONGEST_KEY = 64;
  static final int LONGEST_VALUE = 512;

  private static final Pattern BACKEND = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Pattern FLAG = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");
  private static final List<String> KNOWN =
      List.of(
          "adapter_size",
          "backend",
          "budget_usd",
          "flags",
          "gpu_type",
          "gpus",
          "lora_alpha",
          "lora_dropout",
          "lora_rank",
          "model_class",
          "monthly_requests",
          "nodes",
          "quantization",
          "rslora",
          "skip_invalid",
          "substitutes",
          "target_modules");

  static JobMetadata read(Fields body) {
    Fields metadata = body.object("metadata");
    Map<String, String> all = labels(metadata);
    Ours ours = new Ours(metadata, all);
    return new JobMetadata(
        all, placement(ours), ours.text("model_class", FLAG), lora(ours), quantization(ours));
  }

  private static Map<String, String> labels(Fields metadata) {
    SequencedMap<String, String> all = new LinkedHashMap<>();
    int own = 0;
    for (String name : metadata.names()) {
      JsonNode value = metadata.json().get(name);
      boolean ours = name.startsWith(PREFIX);
      own += ours ? 0 : 1;
      if (!value.isTextual()) {
        metadata.problem(name, "must be a string");
      } else if (name.length() > LONGEST_KEY || value.textValue().length() > LONGEST_VALUE) {
        metadata.problem(
            Words.quoted(name),
            "must have at most %d characters, its value %d".formatted(LONGEST_KEY, LONGEST_VALUE));
      } else if (ours && !KNOWN.contains(name.substring(PREFIX.length()))) {
        metadata.problem(name, "is not known; known are " + KNOWN);
      } else {
        all.put(name, value.textValue());
      }
    }
    if (own > MOST) {
      metadata
          .problems()
          .add(
              new io.tuneplane.backend.Problem(
                  "metadata",
                  "has %d labels of your own, at most %d are kept".formatted(own, MOST)));
    }
    return all;
  }

  private static Placement placement(Ours ours) {
    return new Placement(
        ours.text("backend", BACKEND).orElse(Placement.AUTO),
        ours.flag("substitutes"),
        new TreeSet<>(ours.list("flags", FLAG)),
        ours.amount("budget_usd"),
        ours.whole("monthly_requests", Long::valueOf),
        ours.flag("skip_invalid"),
        new HardwareWish(
            ours.count("gpus", 0), ours.count("nodes", 1), ours.text("gpu_type", BACKEND)));
  }

  private static LoraChoices lora(Ours ours) {
    LoraChoices usual = LoraChoices.DEFAULT;
    Optional<Integer> rank = ours.whole("lora_rank", Integer::valueOf);
    Optional<Integer> size = ours.whole("adapter_size", Integer::valueOf);
    if (rank.isPresent() && size.isPresent() && !rank.equals(size)) {
      ours.wrong("adapter_size", "is another name of lora_rank, and they differ");
    }
    List<String> modules = ours.list("target_modules", FLAG);
    return new LoraChoices(
        rank.or(() -> size).orElse(usual.rank()),
        ours.number("lora_alpha").orElse(usual.alpha()),
        ours.number("lora_dropout").orElse(usual.dropout()),
        modules.isEmpty() ? usual.targetModules() : modules,
        ours.flag("rslora"));
  }

  private static Optional<String> quantization(Ours ours) {
    return ours.text("quantization", FLAG);
  }

  /// What is ours in a request, as labels; nothing for what is as usual.
  static SortedMap<String, String> write(JobRequest request) {
    SortedMap<String, String> labels = new TreeMap<>();
    Placement placement = request.placement();
    HyperparameterChoices choices = request.model().hyperparameters();
    LoraChoices lora = choices.lora();
    LoraChoices usual = LoraChoices.DEFAULT;
    put(labels, "backend", placement.backend(), Placement.AUTO);
    put(labels, "substitutes", placement.substitutes(), false);
    put(labels, "flags", String.join(",", placement.flags()), "");
    placement.budgetUsd().ifPresent(budget -> put(labels, "budget_usd", budget, ""));
    placement.monthlyRequests().ifPresent(n -> put(labels, "monthly_requests", n, ""));
    put(labels, "skip_invalid", placement.skipInvalid(), false);
    placement.hardware().gpus().ifPresent(n -> put(labels, "gpus", n, ""));
    placement.hardware().nodes().ifPresent(n -> put(labels, "nodes", n, ""));
    placement.hardware().gpuType().ifPresent(type -> put(labels, "gpu_type", type, ""));
    request.model().modelClass().ifPresent(name -> put(labels, "model_class", name, ""));
    choices.quantization().ifPresent(name -> put(labels, "quantization", name, ""));
    put(labels, "lora_rank", lora.rank(), usual.rank());
    put(labels, "lora_alpha", lora.alpha(), usual.alpha());
    put(labels, "lora_dropout", lora.dropout(), usual.dropout());
    put(labels, "rslora", lora.rankStabilized(), false);
    put(
        labels,
        "target_modules",
        String.join(",", lora.targetModules()),
        String.join(",", usual.targetModules()));
    return labels;
  }

  private static void put(Map<String, String> labels, String name, Object value, Object usual) {
    if (!value.equals(usual)) {
      labels.put(PREFIX + name, value.toString());
    }
  }

  /// The labels that are ours, without their prefix.
  private record Ours(Fields metadata, Map<String, String> labels) {

    private static final int MOST_DIGITS = 20;
    private static final int MOST_HARDWARE = 4096;

    Optional<String> value(String name) {
      return Optional.ofNullable(labels.get(PREFIX + name)).map(String::strip);
    }

    void wrong(String name, String message) {
      metadata.problem(PREFIX + name, message);
    }

    Optional<String> text(String name, Pattern form) {
      Optional<String> value = value(name);
      if (value.isPresent() && !form.matcher(value.get()).matches()) {
        wrong(name, "must be %s, not %s".formatted(form, Words.quoted(value.get())));
        return Optional.empty();
      }
      return value;
    }

    List<String> list(String name, Pattern form) {
      List<String> values =
          value(name).stream()
              .flatMap(text -> Arrays.stream(text.split(",", -1)))
              .map(String::strip)
              .filter(text -> !text.isEmpty())
              .collect(Collectors.toList());
      if (!values.stream().allMatch(text -> form.matcher(text).matches())) {
        wrong(name, "must be names with commas between them");
        return List.of();
      }
      return values;
    }

    boolean flag(String name) {
      Optional<String> value = value(name);
      if (value.isPresent() && !List.of("true", "false").contains(value.get())) {
        wrong(name, "must be true or false, not " + Words.quoted(value.get()));
      }
      return value.equals(Optional.of("true"));
    }

    <N extends Number> Optional<N> whole(String name, Function<String, N> parse) {
      Optional<N> number = parse(name, text -> parse.apply(text));
      if (number.isPresent() && number.get().longValue() < 0) {
        wrong(name, "must not be negative");
        return Optional.empty();
      }
      return number;
    }

    /// How many, where a number is given.
    OptionalInt count(String name, int least) {
      Optional<Integer> number = whole(name, Integer::valueOf);
      if (number.isPresent() && (number.get() < least || number.get() > MOST_HARDWARE)) {
        wrong(name, "must be %d to %d, not %d".formatted(least, MOST_HARDWARE, number.get()));
        return OptionalInt.empty();
      }
      return number.isPresent() ? OptionalInt.of(number.get()) : OptionalInt.empty();
    }

    Optional<Double> number(String name) {
      return parse(name, Double::valueOf);
    }

    /// An amount of dollars, as text.
    Optional<String> amount(String name) {
      Optional<BigDecimal> amount = parse(name, BigDecimal::new);
      if (amount.isPresent() && !isAmount(amount.get())) {
        wrong(name, "must be an amount of US dollars, 0 or more");
        return Optional.empty();
      }
      return amount.flatMap(_ -> value(name));
    }

    /// Bounded in its digits and its exponent: `1e999999999` is no amount.
    private static boolean isAmount(BigDecimal number) {
      return number.signum() >= 0
          && number.precision() <= MOST_DIGITS
          && Math.abs(number.scale()) <= MOST_DIGITS;
    }

    private <T> Optional<T> parse(String name, Function<String, T> parse) {
      Optional<String> value = value(name);
      try {
        return value.map(parse);
      } catch (NumberFormatException e) {
        wrong(name, "must be a number, not " + Words.quoted(value.orElse("")));
        return Optional.empty();
      }
    }
  }
}
