#pragma once

namespace carillon::persistence {

/// How long histories are counted in blocks. The defaults are for real life; tests make everything
/// small, so that few calls are many blocks.
///
/// A page far down costs a look at each block of the user and a walk through one, so for a history
/// of 100,000 entries blocks of about 450 are the cheapest; they stay within a factor of two from
/// 10,000 entries to a million.
struct history_shape {
  int block = 512; ///< entries of a block when it is made
  int fresh = 256; ///< the newest entries, which no block covers: what is written now is among them
  int deep = 1000; ///< from this `skip` on, blocks are looked at
  /// One in so many entries that end has the store look whether its user's history has grown by a
  /// block. Chance stands in for a count for each user, which would be one more row to write.
  unsigned look = 256;
};

} // namespace carillon::persistence
