package io.tuneplane.api;

import io.tuneplane.dataset.CheckSettings;
import io.tuneplane.dataset.ConversionReport;
import io.tuneplane.dataset.DatasetCheck;
import io.tuneplane.dataset.DatasetConversion;
import io.tuneplane.dataset.DatasetScan;
import io.tuneplane.dataset.EstimatedTokens;
import io.tuneplane.dataset.ModelTokens;
import io.tuneplane.dataset.OpenAiTokens;
import io.tuneplane.dataset.ScanReport;
import io.tuneplane.dataset.Target;
import io.tuneplane.dataset.TokenCounter;
import io.tuneplane.model.BaseModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Checks, converts and scans in this process. Safe for many threads.
public final class InProcessData implements DataApi {

  private static final Pattern OPENAI =
      Pattern.compile("(?:ft:)?(?:gpt-|chatgpt-|o\\d|babbage|davinci).*");
  private static final Pattern GEMINI = Pattern.compile("(?:models/)?gemini-.*");

  private final Function<String, BaseModel> models;
  private final CheckSettings.Resources resources;

  /// Makes it over the models that this machine has.
  ///
  /// @param models opens an open model by its name or path
  /// @param resources what a check may use
  public InProcessData(Function<String, BaseModel> models, CheckSettings.Resources resources) {
    this.models = models;
    this.resources = resources;
  }

  @Override
  public DatasetCheck.Result check(DataCheckRequest request, DatasetCheck.Progress progress)
      throws IOException {
    Optional<String> model = request.counting().model();
    Target target = request.target().orElseGet(() -> target(model));
    if (!request.counting().exact()) {
      return check(request, target, Optional.empty(), progress);
    }
    if (model.isEmpty() || provider(model.get()).isPresent()) {
      return check(request, target, counter(request, target), progress);
    }
    try (BaseModel opened = models.apply(model.get())) {
      int most = request.counting().maxTokens().orElse(opened.config().maxPositions());
      TokenCounter counter =
          new ModelTokens(model.get(), opened.tokenizer(), opened.chatTemplate(), most);
      return check(request, target, Optional.of(counter), progress);
    }
  }

  private DatasetCheck.Result check(
      DataCheckRequest request,
      Target target,
      Optional<TokenCounter> counter,
      DatasetCheck.Progress progress)
      throws IOException {
    CheckSettings settings =
        new CheckSettings(
            target,
            request.format(),
            counter,
            request.thoroughness().maxFindings(),
            request.thoroughness().nearDuplicates(),
            resources);
    return new DatasetCheck(settings)
        .run(
            new DatasetCheck.Input(request.file(), Optional.empty()),
            request.validation().map(file -> new DatasetCheck.Input(file, Optional.empty())),
            progress);
  }

  private static Target target(Optional<String> model) {
    return model.isEmpty() ? Target.OPENAI_CHAT : provider(model.get()).orElse(Target.LOCAL);
  }

  /// Whose model it is by its name, if it is not an open one.
  private static Optional<Target> provider(String model) {
    String name = model.toLowerCase(Locale.ROOT);
    if (OPENAI.matcher(name).matches()) {
      return Optional.of(Target.OPENAI_CHAT);
    }
    return GEMINI.matcher(name).matches() ? Optional.of(Target.VERTEX) : Optional.empty();
  }

  private static Optional<TokenCounter> counter(DataCheckRequest request, Target target) {
    Optional<String> model = request.counting().model();
    Target provider = model.flatMap(InProcessData::provider).orElse(target);
    int most =
        request.counting().maxTokens().orElse(provider.maxTokens().orElse(Integer.MAX_VALUE));
    return switch (provider) {
      case OPENAI_CHAT, OPENAI_CHAT_TOOLS ->
          Optional.of(OpenAiTokens.ofModel(model.orElse("gpt-4o"), most));
      case VERTEX -> Optional.of(new EstimatedTokens(most));
      case LOCAL -> Optional.empty();
    };
  }

  @Override
  public ConversionReport convert(DatasetConversion.Request request, int maxFindings)
      throws IOException {
    return new DatasetConversion(request, maxFindings).run();
  }

  @Override
  public ScanReport scan(Path file, int maxFindings) {
    return new DatasetScan(maxFindings).run(file);
  }
}
