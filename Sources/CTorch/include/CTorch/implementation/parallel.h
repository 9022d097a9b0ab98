// Loops on libtorch's own threads.
#pragma once

#include <atomic>
#include <cstdint>
#include <type_traits>

namespace ct {

using RangeBody = void (*)(void *context, int64_t begin, int64_t end);

// Splits 0 ..< count into one contiguous range a thread and runs `body` on each. Ranges depend on
// `count` and the thread count alone, so results do too. `body` must not throw.
void run_parallel(int64_t count, int64_t smallest_range, RangeBody body, void *context);

// The same for a callable `body(begin, end)`.
template <typename Body>
void parallel_ranges(int64_t count, int64_t smallest_range, Body &&body) {
  run_parallel(
      count, smallest_range,
      [](void *context, int64_t begin, int64_t end) {
        (*static_cast<std::remove_reference_t<Body> *>(context))(begin, end);
      },
      &body);
}

// The numbers 0 ..< count, each taken by one thread.
class Tasks {
 public:
  explicit Tasks(int64_t count) : count_(count) {}

  // False when all are taken.
  bool take(int64_t &task) {
    task = next_.fetch_add(1, std::memory_order_relaxed);
    return task < count_;
  }

 private:
  const int64_t count_;
  std::atomic<int64_t> next_{0};
};

// How many threads a number of tasks can occupy: one slot each, for memory of its own.
int64_t task_slots(int64_t count);

// Runs `body(tasks, slot)` on each thread, which takes one task after the other until there are none: a
// thread that the machine holds up does fewer. For tasks of some length whose results do not depend
// on one another; `slots` is from `task_slots`.
template <typename Body>
void parallel_tasks(int64_t count, int64_t slots, Body &&body) {
  Tasks tasks(count);
  parallel_ranges(slots, 1, [&](int64_t begin, int64_t end) {
    for (int64_t slot = begin; slot < end; ++slot) body(tasks, slot);
  });
}

}  // namespace ct
