package io.tuneplane.model.jinja;

/// A compiled expression.
interface Eval {

  Object eval(Activation activation);
}
