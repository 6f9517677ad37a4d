package io.tuneplane.model.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.model.TemplateException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Hostile templates end in an error, soon, and in little memory.
class LimitsTest {

  private static String render(String template) {
    return JinjaTemplate.parse(template, Reference.CLOCK, ZoneOffset.UTC).render(Map.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}"
            + "{% endfor %}{% endfor %}{% endfor %}",
        "{{ 'x' * 10 ** 12 }}",
        "{{ [0] * 10 ** 12 }}",
        "{{ 2 ** (10 ** 12) }}",
        "{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}"
            + "{% endfor %}",
        "{% set ns = namespace(l=[1]) %}{% for i in range(99) %}{% set ns.l = ns.l + ns.l %}"
            + "{% endfor %}",
        "{% set ns = namespace(l=[1]) %}{% for i in range(99) %}{% set ns.l = [ns.l, ns.l] %}"
            + "{% endfor %}{{ ns.l }}",
        "{% set a = namespace(l=[1]) %}{% set b = namespace(l=[1]) %}{% for i in range(99) %}"
            + "{% set a.l = [a.l, a.l] %}{% set b.l = [b.l, b.l] %}{% endfor %}{{ a.l == b.l }}",
        "{% set ns = namespace(l=[1]) %}{% for i in range(9999) %}{% set ns.l = [ns.l] %}"
            + "{% endfor %}{{ ns.l|tojson }}",
        "{% set ns = namespace() %}{% set ns.me = [ns] %}{{ ns }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m(n) %}{% for i in [1, 2] %}{{ m(n) }}{% endfor %}{% endmacro %}{{ m(0) }}",
        "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}",
        "{{ 'a'|center(10 ** 12) }}",
        "{{ 'a'.ljust(10 ** 12) }}",
        "{{ '%999999999s' % 'a' }}",
        "{{ '{:999999999}'.format('a') }}",
        "{{ 'a'|indent(10 ** 12) }}",
        "{{ [1]|tojson(indent=10 ** 12) }}",
        "{{ range(10 ** 12) }}",
        "{{ [1]|batch(10 ** 12, 'x')|list }}",
        "{% set t = 'a' * 60000000 %}{% set n = 'a' * 30000000 ~ 'b' %}{{ n in t }}",
        "{% set t = 'a' * 60000000 %}{% for i in range(99999) %}{{ t == t ~ '' }}{% endfor %}"
      })
  void endsInAnError(String template) {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> assertThatThrownBy(() -> render(template)).isInstanceOf(TemplateException.class));
  }

  @Test
  void deepSourceIsRefused() {
    int deep = 100_000;
    for (String template :
        new String[] {
          "{{ " + "(".repeat(deep) + "1" + ")".repeat(deep) + " }}",
          "{{ " + "[".repeat(deep) + "]".repeat(deep) + " }}",
          "{{ " + "not ".repeat(deep) + "1 }}",
          "{{ " + "-".repeat(deep) + "1 }}",
          "{{ 1" + " + 1".repeat(deep) + " }}",
          "{{ x" + ".y".repeat(deep) + " }}",
          "{{ x" + "|upper".repeat(deep) + " }}",
          "{{ " + "1 if 1 else ".repeat(deep) + "1 }}",
          "{% if 1 %}".repeat(deep) + "{% endif %}".repeat(deep),
          "{% for " + "(".repeat(deep) + "x" + ")".repeat(deep) + " in [] %}{% endfor %}"
        }) {
      assertThatThrownBy(() -> render(template)).isInstanceOf(TemplateException.class);
    }
  }

  @Test
  void deepestAllowedRecursionFitsInASmallStack() throws InterruptedException {
    String nested = "{{ " + "[".repeat(60) + "m(n + 1)" + "]".repeat(60) + " }}";
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                render("{% macro m(n) %}" + nested + "{% endmacro %}{{ m(0) }}");
              } catch (TemplateException | StackOverflowError e) {
                thrown.set(e);
              }
            },
            "small stack",
            768 * 1024);
    thread.start();
    thread.join();
    assertThat(thrown.get())
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("maximum recursion depth");
  }

  @Test
  void longElifChainsAreNoDeeperThanShortOnes() {
    String template = "{% if 0 %}" + "{% elif 0 %}".repeat(2000) + "{% else %}x{% endif %}";
    assertThat(render(template)).isEqualTo("x");
  }
}
