package io.tuneplane.cost;

/// A place and a model that can be had there: what is priced.
public sealed interface Offer {

  /// A stable name, unique in the book: place, `/`, model.
  String id();

  /// How people know the place.
  String provider();

  /// The backend that would do it.
  String backend();

  /// The base model's id.
  String model();

  /// A provider's own model.
  record Managed(ManagedProvider place, ManagedModel tuned) implements Offer {
    @Override
    public String id() {
      return place.id() + "/" + tuned.id();
    }

    @Override
    public String provider() {
      return tuned.label();
    }

    @Override
    public String backend() {
      return place.backend();
    }

    @Override
    public String model() {
      return tuned.id();
    }
  }

  /// An open model on hardware we hold.
  record Own(OwnPlace place, OpenModel tuned) implements Offer {
    @Override
    public String id() {
      return place.id() + "/" + tuned.id();
    }

    @Override
    public String provider() {
      return place.label();
    }

    @Override
    public String backend() {
      return place.backend();
    }

    @Override
    public String model() {
      return tuned.id();
    }
  }
}
