package io.tuneplane.model.jinja;

/// A method with its receiver.
record BoundMethod(Object receiver, Builtin method) implements Callable {

  @Override
  public Object call(Run run, Arguments arguments) {
    run.spendOn(receiver);
    return method.call(run, arguments.after(receiver));
  }

  @Override
  public String name() {
    return method.name();
  }
}
