// Memory for the passes.
//
// Bookkeeping, compiled for any processor: passes inline it.
#pragma once

#include <c10/core/CPUAllocator.h>

#include <cstdint>

namespace ck {

// Rows of transformed tiles, and the parts of each position, lie one cache line further apart than
// their length, a multiple of a power of two as a rule: they would share their places in the cache.
template <typename T>
constexpr int64_t padding = 64 / sizeof(T);

// Memory of no particular content that starts at a cache line.
template <typename T>
class Scratch {
 public:
  explicit Scratch(int64_t size) : memory_(c10::GetCPUAllocator()->allocate(size * sizeof(T))) {}
  T *start() { return static_cast<T *>(memory_.get()); }

 private:
  c10::DataPtr memory_;
};

}  // namespace ck
