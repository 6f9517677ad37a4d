package io.tuneplane.api;

/// What each place would cost.
public interface CostsApi {

  /// Prices every option that the request selects, and sets them side by side.
  ///
  /// @throws RequestException if the request is wrong, or says too little to compute with
  /// @throws io.tuneplane.cost.PriceBookException if the price book that it names can't be read
  CostAnswer compare(CostRequest request);
}
