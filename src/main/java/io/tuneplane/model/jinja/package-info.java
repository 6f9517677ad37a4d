/// A small interpreter of Jinja, as chat templates use it: the language of Jinja2 3.1 with
/// `trim_blocks`, `lstrip_blocks`, loop controls, the `generation` tag and the globals that Hugging
/// Face's `transformers` adds, over values that behave as Python's. What it does not support it
/// refuses by name; it never prints something else. Values that are passed in are data and are
/// never read as a template. Work, depth and size are bounded, so that a hostile template ends in
/// an error.
@NullMarked
package io.tuneplane.model.jinja;

import org.jspecify.annotations.NullMarked;
