package io.tuneplane;

import io.tuneplane.backend.PastJobs;
import io.tuneplane.backend.RemoteRunners;
import io.tuneplane.backend.kubernetes.KubernetesServing;
import io.tuneplane.backend.kubernetes.KubernetesTraining;
import io.tuneplane.backend.local.BaseModels;
import io.tuneplane.backend.local.LocalServing;
import io.tuneplane.backend.local.LocalSettings;
import io.tuneplane.backend.local.LocalTraining;
import io.tuneplane.backend.local.Machine;
import io.tuneplane.backend.local.RunnerCommand;
import io.tuneplane.backend.local.ThisMachine;
import io.tuneplane.backend.openai.KeySource;
import io.tuneplane.backend.openai.OpenAiHistory;
import io.tuneplane.backend.openai.OpenAiServing;
import io.tuneplane.backend.openai.OpenAiSettings;
import io.tuneplane.backend.openai.OpenAiTraining;
import io.tuneplane.backend.vertex.VertexServing;
import io.tuneplane.backend.vertex.VertexSettings;
import io.tuneplane.backend.vertex.VertexTraining;
import io.tuneplane.config.Settings;
import io.tuneplane.cost.PriceBook;
import io.tuneplane.job.Places;
import io.tuneplane.model.ModelShape;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.Supplier;

/// The places that a server trains and serves at. A new one is a line here.
///
/// @param places all of them
/// @param accounts those whose jobs of the past can be taken over
/// @param unfit which of some models this machine could never train, each with the reason
record Backends(
    Places places,
    List<PastJobs> accounts,
    Function<Map<String, ModelShape>, SortedMap<String, String>> unfit) {

  /// Those that the settings ask for.
  ///
  /// @param bases the base models of this machine
  /// @param prices today's price book
  /// @param kept the providers' keys that are kept here, by the name of the place
  /// @param runners lets runners on other machines in
  static Backends of(
      Settings settings,
      BaseModels bases,
      Supplier<PriceBook> prices,
      ProviderKeys kept,
      RemoteRunners runners,
      InstantSource clock) {
    Machine machine = new ThisMachine();
    LocalSettings local = new LocalSettings(settings.dataDir().resolve("local"), settings.local());
    RunnerCommand runner = RunnerCommand.ofThisProcess(settings.cacheDir().resolve("native"));
    LocalTraining training = new LocalTraining(local, bases, runner, machine, clock);
    OpenAiSettings openai =
        OpenAiSettings.of(settings.openai(), settings.dataDir().resolve("openai"));
    KeySource openaiKey = () -> settings.openai().apiKey().or(() -> kept.of(OpenAiSettings.NAME));
    VertexSettings vertex =
        VertexSettings.of(settings.vertex(), settings.dataDir().resolve("vertex"));
    Path cluster = settings.storage().artifacts().resolve("kubernetes");
    return new Backends(
        new Places(
            List.of(
                training,
                new OpenAiTraining(openai, openaiKey, prices, clock),
                new VertexTraining(vertex, prices, clock),
                new KubernetesTraining(
                    settings.kubernetes(), cluster, new ClusterBases(bases), runners, clock)),
            List.of(
                new LocalServing(local, bases, runner, machine, clock),
                new OpenAiServing(openai, openaiKey, prices, clock),
                new VertexServing(vertex, prices, clock),
                new KubernetesServing(
                    settings.kubernetes(), cluster, new ClusterBases(bases), clock))),
        List.of(new OpenAiHistory(openai, openaiKey)),
        training::unfit);
  }
}
