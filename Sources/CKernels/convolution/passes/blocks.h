// Work cut into blocks for several threads.
//
// Bookkeeping, compiled for any processor: passes inline it.
#pragma once

#include <CTorch/implementation/parallel.h>

#include <cstdint>
#include <vector>

#include "../../route.h"

namespace ck {

// Parts of different sizes, cut into blocks of at most so many of their elements: as many blocks of each
// part for each slot.
class Blocks {
 public:
  Blocks(int64_t most, int64_t slots) : most_(most), slots_(slots) {}

  void add(int64_t count) {
    const int64_t wanted = (count + most_ - 1) / most_;
    parts_.push_back({count, total_, (wanted + slots_ - 1) / slots_ * slots_});
    total_ += parts_.back().blocks;
  }

  // Calls `body(part, first, count, slot)` for each block.
  template <typename Body>
  void for_each(Body &&body) const {
    parallel_tasks(total_, slots_, [&](Tasks &tasks, int64_t slot) {
      for (int64_t block; tasks.take(block);) {
        size_t p = 0;
        while (block >= parts_[p].before + parts_[p].blocks) ++p;
        const Part &part = parts_[p];
        const int64_t own = block - part.before, first = part.count * own / part.blocks;
        const int64_t end = part.count * (own + 1) / part.blocks;
        if (first < end) body(p, first, end - first, slot);
      }
    });
  }

 private:
  struct Part {
    int64_t count, before, blocks;  // elements, blocks of former parts, and its own
  };

  const int64_t most_, slots_;
  int64_t total_ = 0;
  std::vector<Part> parts_;
};

}  // namespace ck
