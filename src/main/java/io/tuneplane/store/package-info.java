/// Keeps what `job` and its neighbours declare: rows and artifacts. In this version, JSON files
/// under the data directory.
@NullMarked
package io.tuneplane.store;

import org.jspecify.annotations.NullMarked;
