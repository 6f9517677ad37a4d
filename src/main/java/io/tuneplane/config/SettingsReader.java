package io.tuneplane.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tuneplane.config.Settings.Hub;
import io.tuneplane.config.Settings.Jobs;
import io.tuneplane.config.Settings.Local;
import io.tuneplane.config.Settings.OpenAi;
import io.tuneplane.config.Settings.Quantization;
import io.tuneplane.config.Settings.Server;
import io.tuneplane.config.Settings.Spin;
import io.tuneplane.config.Settings.Storage;
import io.tuneplane.config.Settings.Vertex;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Reads [Settings] from a file and the environment. Finds every problem before it gives up.
///
/// A setting `local.threads` in the file is `TUNEPLANE_LOCAL_THREADS` in the environment, which
/// wins. The names that other tools have made usual for the model hub (`HF_ENDPOINT`, `HF_TOKEN`,
/// `HF_HUB_OFFLINE`) are read too.
public final class SettingsReader {

  private static final String ALIASES = "aliases";

  private static final Set<String> KEYS =
      Set.of(
          "data_dir",
          "cache_dir",
          "artifacts_dir",
          "organisation",
          "policy_file",
          "price_book_file",
          "database.url",
          "database.password",
          "secret_file",
          "server.host",
          "server.port",
          "server.tls_cert",
          "server.tls_key",
          "server.plain_http",
          "hub.endpoint",
          "hub.token",
          "hub.offline",
          "hub.pip",
          "local.hourly_usd",
          "local.threads",
          "local.memory",
          "local.spin",
          "local.quantization",
          "vertex.project",
          "vertex.location",
          "vertex.bucket",
          "vertex.endpoint",
          "vertex.storage_endpoint",
          "budget.monthly_usd",
          ALIASES);

  private static final Map<String, String> USUAL_NAMES =
      Map.of(
          "hub.endpoint", "HF_ENDPOINT",
          "hub.token", "HF_TOKEN",
          "hub.offline", "HF_HUB_OFFLINE",
          "openai.api_key", "OPENAI_API_KEY",
          "openai.organization", "OPENAI_ORG_ID",
          "openai.project", "OPENAI_PROJECT_ID",
          "vertex.project", "GOOGLE_CLOUD_PROJECT",
          "vertex.location", "GOOGLE_CLOUD_LOCATION");

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]", "localhost");

  private final Map<String, String> environment;
  private final Map<String, String> file;
  private final List<String> problems = new ArrayList<>();

  private SettingsReader(Map<String, String> environment, Map<String, String> file) {
    this.environment = environment;
    this.file = file;
  }

  /// Reads the settings.
  ///
  /// @param environment the environment's variables
  /// @param configFile the settings file that was asked for, or empty for the usual place
  /// @param dataDir the data directory that was asked for, or empty
  /// @param processors how many processors the machine has
  /// @throws ConfigException with every problem found
  public static Settings read(
      Map<String, String> environment,
      Optional<Path> configFile,
      Optional<Path> dataDir,
      int processors) {
    Optional<Path> asked =
        configFile.or(() -> Optional.ofNullable(environment.get("TUNEPLANE_CONFIG")).map(Path::of));
    Path usual = configHome(environment).resolve("tuneplane").resolve("config.yaml");
    List<String> problems = new ArrayList<>();
    Map<String, String> file =
        asked.isPresent() || Files.exists(usual) ? parse(asked.orElse(usual), problems) : Map.of();
    SettingsReader reader = new SettingsReader(environment, file);
    reader.problems.addAll(problems);
    Settings settings = reader.settings(dataDir, processors);
    if (!reader.problems.isEmpty()) {
      throw new ConfigException(reader.problems);
    }
    return settings;
  }

  private Settings settings(Optional<Path> dataDir, int processors) {
    Path data =
        dataDir.orElseGet(
            () -> path("data_dir").orElseGet(() -> dataHome(environment).resolve("tuneplane")));
    Path cache = path("cache_dir").orElseGet(() -> cacheHome(environment).resolve("tuneplane"));
    return new Settings(
        data.toAbsolutePath().normalize(),
        cache.toAbsolutePath().normalize(),
        value("organisation", this::organisation).orElse(Settings.DEFAULT_ORGANISATION),
        hub(),
        local(processors),
        vertex(),
        new ClusterReader(this::value, file, problems).read(),
        path("policy_file"),
        path("price_book_file"),
        new Storage(
            path("artifacts_dir").orElse(data.resolve("artifacts")).toAbsolutePath().normalize(),
            database(),
            path("secret_file")),
        server(),
        openai(),
        new Jobs(
            value("budget.monthly_usd", SettingsReader::amount).map(BigDecimal::new), aliases()));
  }

  /// A mapping in the file; `asked=ours,asked=ours` in the environment.
  private Map<String, String> aliases() {
    Map<String, String> aliases = new TreeMap<>();
    file.forEach((key, model) -> {
      if (key.startsWith(ALIASES + ".")) {
        aliases.put(key.substring(ALIASES.length() + 1), model);
      }
    });
    value(ALIASES, SettingsReader::pairs).ifPresent(aliases::putAll);
    return aliases;
  }

  private static Map<String, String> pairs(String text) {
    Map<String, String> pairs = new TreeMap<>();
    for (String pair : text.split(",", -1)) {
      String[] sides = pair.strip().split("=", -1);
      if (sides.length != 2 || sides[0].isBlank() || sides[1].isBlank()) {
        throw new IllegalArgumentException("expected asked=model,..., not \"" + pair + "\"");
      }
      pairs.put(sides[0].strip(), sides[1].strip());
    }
    return pairs;
  }

  private OpenAi openai() {
    return new OpenAi(
        value("openai.base_url", OpenAiValues::baseUrl).orElse(OpenAi.DEFAULT_BASE_URL),
        value("openai.api_key", Function.identity()),
        value("openai.organization", Function.identity()),
        value("openai.project", Function.identity()),
        value("openai.models", OpenAiValues::names).orElse(List.of()),
        value("openai.private_addresses", OpenAiValues::addresses).orElse(List.of()),
        value("openai.consistency_minutes", OpenAiValues::minutes).orElse(OpenAi.DEFAULT_WINDOW));
  }

  private Server server() {
    Optional<Path> cert = path("server.tls_cert");
    Optional<Path> key = path("server.tls_key");
    if (cert.isPresent() != key.isPresent()) {
      problems.add("server.tls_cert and server.tls_key: both are needed, or neither");
    }
    return new Server(
        value("server.host", Function.identity()).orElse(Server.DEFAULT_HOST),
        value("server.port", SettingsReader::port).orElse(Server.DEFAULT_PORT),
        cert,
        key,
        value("server.plain_http", SettingsReader::truth).orElse(false));
  }

  private Optional<DatabaseUrl> database() {
    Optional<DatabaseUrl> url = value("database.url", DatabaseUrl::parse);
    return raw("database.password")
        .flatMap(password -> url.map(known -> known.withPassword(password)))
        .or(() -> url);
  }

  private Hub hub() {
    return new Hub(
        value("hub.endpoint", SettingsReader::endpoint).orElse(Hub.DEFAULT_ENDPOINT),
        value("hub.token", Function.identity()),
        value("hub.offline", SettingsReader::truth).orElse(false),
        Optional.of(value("hub.pip", Function.identity()).orElse(Hub.DEFAULT_PIP))
            .filter(pip -> !pip.equals("none")));
  }

  private Local local(int processors) {
    return new Local(
        value("local.hourly_usd", SettingsReader::amount),
        value("local.threads", SettingsReader::threads).orElse(processors),
        value("local.memory", SettingsReader::bytes),
        value("local.spin", text -> choice(Spin.class, text)).orElse(Spin.AUTO),
        value("local.quantization", text -> choice(Quantization.class, text))
            .orElse(Quantization.AUTO));
  }

  private Vertex vertex() {
    Optional<String> bucket = value("vertex.bucket", SettingsReader::bucket);
    return new Vertex(
        value("vertex.project", text -> matching("[a-z0-9][a-z0-9:._-]*", text)),
        value("vertex.location", text -> matching("[a-z]+(-[a-z]+[0-9]+)?", text)),
        bucket.map(path -> path.replaceFirst("/.*", "")),
        bucket.map(path -> path.replaceFirst("^[^/]+/?", "")).orElse(""),
        value("vertex.endpoint", SettingsReader::credentialsTarget),
        value("vertex.storage_endpoint", SettingsReader::credentialsTarget));
  }

  private Optional<Path> path(String key) {
    return value(key, Path::of);
  }

  private <T> Optional<T> value(String key, Function<String, T> parser) {
    return raw(key)
        .flatMap(text -> {
          try {
            return Optional.of(parser.apply(text));
          } catch (IllegalArgumentException e) {
            problems.add(key + ": " + e.getMessage());
            return Optional.empty();
          }
        });
  }

  private Optional<String> raw(String key) {
    String own = "TUNEPLANE_" + key.toUpperCase(Locale.ROOT).replace('.', '_');
    return Optional.ofNullable(environment.get(own))
        .or(() -> Optional.ofNullable(file.get(key)))
        .or(() -> Optional.ofNullable(USUAL_NAMES.get(key)).map(environment::get))
        .filter(text -> !text.isEmpty());
  }

  private static Map<String, String> parse(Path path, List<String> problems) {
    Map<String, String> values = new java.util.LinkedHashMap<>();
    try {
      YAMLMapper mapper =
          YAMLMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();
      flatten("", mapper.readTree(path.toFile()), values);
    } catch (JsonProcessingException e) {
      String words = e.getOriginalMessage().replaceAll("\\s+", " ").strip();
      problems.add(path + ": line " + e.getLocation().getLineNr() + ": " + words);
    } catch (IOException e) {
      problems.add(path + ": can't be read: " + e.getMessage());
    }
    Set<String> unknown = new HashSet<>(values.keySet());
    unknown.removeAll(KEYS);
    unknown.removeAll(OpenAiValues.KEYS);
    unknown.removeAll(ClusterReader.KEYS);
    unknown.removeIf(key -> key.startsWith(ALIASES + ".") || ClusterReader.isGpu(key));
    unknown.stream().sorted().map(key -> path + ": no such setting: " + key).forEach(problems::add);
    return values;
  }

  private static void flatten(String prefix, JsonNode node, Map<String, String> values) {
    node.properties()
        .forEach(entry -> {
          String key = prefix + entry.getKey();
          if (entry.getValue().isObject()) {
            flatten(key + ".", entry.getValue(), values);
          } else {
            values.put(key, entry.getValue().asText());
          }
        });
  }

  private String organisation(String text) {
    if (!text.matches("[a-z0-9][a-z0-9-]{0,62}")) {
      throw new IllegalArgumentException(
          "expected [a-z0-9-], 1 to 63 characters, not \"" + text + "\"");
    }
    return text;
  }

  private static URI endpoint(String text) {
    URI uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    if (uri.getHost() == null || !Set.of("http", "https").contains(uri.getScheme())) {
      throw new IllegalArgumentException("expected an http(s) address, not \"" + text + "\"");
    }
    return uri;
  }

  private static String matching(String form, String text) {
    if (!text.matches(form)) {
      throw new IllegalArgumentException("expected " + form + ", not \"" + text + "\"");
    }
    return text;
  }

  private static String bucket(String text) {
    String path = text.replaceFirst("^gs://", "").replaceFirst("/+$", "");
    if (!path.matches("[a-z0-9][a-z0-9._-]{1,220}[a-z0-9](/[A-Za-z0-9._-]+)*")) {
      throw new IllegalArgumentException("expected gs://bucket/folder, not \"" + text + "\"");
    }
    return path;
  }

  // What is sent there carries credentials, so it must be encrypted, or stay on this machine.
  private static URI credentialsTarget(String text) {
    URI uri = endpoint(text);
    if (!uri.getScheme().equals("https") && !LOOPBACK.contains(uri.getHost())) {
      throw new IllegalArgumentException(
          "expected https, or http on 127.0.0.1, not \"" + text + "\"");
    }
    return uri;
  }

  private static boolean truth(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes", "on" -> true;
      case "false", "0", "no", "off" -> false;
      default -> throw new IllegalArgumentException("expected true or false, not \"" + text + "\"");
    };
  }

  private static String amount(String text) {
    try {
      if (new java.math.BigDecimal(text).signum() >= 0) {
        return text;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("expected dollars an hour, not \"" + text + "\"", e);
    }
    throw new IllegalArgumentException("an hour can't cost less than nothing: " + text);
  }

  private static int port(String text) {
    if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
      throw new IllegalArgumentException("expected 0 to 65535, not \"" + text + "\"");
    }
    return Integer.parseInt(text);
  }

  private static int threads(String text) {
    int threads = Integer.parseInt(text);
    if (threads < 1 || threads > 1024) {
      throw new IllegalArgumentException("expected 1 to 1024, not " + text);
    }
    return threads;
  }

  private static long bytes(String text) {
    String unit = text.replaceAll("[0-9]", "").strip().toUpperCase(Locale.ROOT);
    long number = Long.parseLong(text.replaceAll("[^0-9]", ""));
    return switch (unit) {
      case "" -> number;
      case "M", "MIB" -> number << 20;
      case "G", "GIB" -> number << 30;
      default -> throw new IllegalArgumentException("expected bytes, 512M or 8G, not " + text);
    };
  }

  private static <E extends Enum<E>> E choice(Class<E> type, String text) {
    return Arrays.stream(type.getEnumConstants())
        .filter(value -> value.name().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "expected "
                    + Arrays.stream(type.getEnumConstants())
                        .map(value -> value.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "))
                    + ", not \""
                    + text
                    + "\""));
  }

  private static Path dataHome(Map<String, String> environment) {
    return xdg(environment, "XDG_DATA_HOME", ".local/share");
  }

  private static Path cacheHome(Map<String, String> environment) {
    return xdg(environment, "XDG_CACHE_HOME", ".cache");
  }

  private static Path configHome(Map<String, String> environment) {
    return xdg(environment, "XDG_CONFIG_HOME", ".config");
  }

  private static Path xdg(Map<String, String> environment, String variable, String underHome) {
    String set = environment.getOrDefault(variable, "");
    if (!set.isEmpty()) {
      return Path.of(set);
    }
    return Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")), underHome);
  }
}
