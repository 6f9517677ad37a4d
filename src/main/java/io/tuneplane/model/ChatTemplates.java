package io.tuneplane.model;

import io.tuneplane.model.jinja.JinjaTemplate;
import java.time.InstantSource;
import java.time.ZoneId;

/// Makes chat templates from their source: the Jinja dialect of Hugging Face's `chat_template`.
public final class ChatTemplates {

  private ChatTemplates() {}

  /// Parses a template whose `strftime_now` reads this machine's clock.
  ///
  /// @param source the text of `chat_template`
  /// @param tokens the special tokens that the template may name
  /// @throws TemplateException if the template doesn't parse, or uses what is not supported; the
  ///   message has the line
  public static ChatTemplate parse(String source, SpecialTokens tokens) {
    return parse(source, tokens, InstantSource.system(), ZoneId.systemDefault());
  }

  /// Parses a template.
  ///
  /// @param source the text of `chat_template`
  /// @param tokens the special tokens that the template may name
  /// @param clock what `strftime_now` reads
  /// @param zone the zone whose local time `strftime_now` prints
  /// @throws TemplateException if the template doesn't parse, or uses what is not supported; the
  ///   message has the line
  public static ChatTemplate parse(
      String source, SpecialTokens tokens, InstantSource clock, ZoneId zone) {
    return new ParsedChatTemplate(source, JinjaTemplate.parse(source, clock, zone), tokens);
  }
}
