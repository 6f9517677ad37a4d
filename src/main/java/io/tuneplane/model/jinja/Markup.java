package io.tuneplane.model.jinja;

/// Text that went through the filter `safe`. It prints as it is; joining it to other text would
/// escape that in Jinja, which no chat template wants, so that is refused.
record Markup(String text) {}
