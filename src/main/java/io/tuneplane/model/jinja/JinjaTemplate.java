package io.tuneplane.model.jinja;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.model.TemplateException;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// A parsed template. Can be rendered many times, by many threads.
public final class JinjaTemplate {

  /// The longest template, in UTF-16 units; the longest known one has about 20,000.
  private static final int MAX_SOURCE = 1 << 20;

  private final Function function;
  private final Consumer<Activation> entry;
  private final Step body;
  private final Map<String, Object> globals;

  private JinjaTemplate(String source, Map<String, Object> globals) {
    List<Stmt> statements = Parser.parse(source);
    this.function = new Function(null);
    Scope scope = new Scope(function, new Symbols(function, null), false, false);
    Analysis.statements(statements, scope.symbols());
    this.body = StatementCompiler.compile(statements, scope);
    this.entry = scope.entry();
    this.globals = globals;
  }

  /// Parses a template.
  ///
  /// @param clock what `strftime_now` reads
  /// @param zone the zone whose local time `strftime_now` prints
  /// @throws TemplateException if it doesn't parse, or uses what is not supported
  public static JinjaTemplate parse(String source, InstantSource clock, ZoneId zone) {
    if (source.length() > MAX_SOURCE) {
      throw new TemplateException("a template of more than " + MAX_SOURCE + " characters");
    }
    try {
      return new JinjaTemplate(source, Globals.of(clock, zone));
    } catch (Fault fault) {
      throw new TemplateException(fault.describe(), fault);
    }
  }

  /// The text of the template with these variables, which hide globals of the same name.
  ///
  /// @throws TemplateException if something fails or the template raises an error of its own
  public String render(Map<String, JsonNode> variables) {
    try {
      Map<String, Object> values = new HashMap<>();
      variables.forEach((name, node) -> values.put(name, Values.of(node)));
      Activation activation = new Activation(new Run(values, globals), null, function.size());
      entry.accept(activation);
      body.run(activation);
      return activation.out.toString();
    } catch (Fault fault) {
      throw new TemplateException(fault.describe(), fault);
    }
  }
}
