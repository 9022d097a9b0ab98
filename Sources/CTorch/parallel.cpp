#include "CTorch/implementation/parallel.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>

#include <algorithm>

namespace ct {

namespace {

// libtorch's thread team is OpenMP's. Entering it by its C entry point keeps one team in the process
// (a second one would fight for the cores) and asks nothing of the compiler.
using TeamEntry = void (*)(void (*)(void *), void *, unsigned threads, unsigned flags);
using ThreadNumber = int (*)();

const auto enter_team = reinterpret_cast<TeamEntry>(dlsym(RTLD_DEFAULT, "GOMP_parallel"));
const auto thread_number =
    reinterpret_cast<ThreadNumber>(dlsym(RTLD_DEFAULT, "omp_get_thread_num"));
const auto team_size =
    reinterpret_cast<ThreadNumber>(dlsym(RTLD_DEFAULT, "omp_get_num_threads"));

struct Split {
  int64_t count, threads;
  RangeBody body;
  void *context;
};

// OpenMP may grant fewer threads than asked for (OMP_THREAD_LIMIT, OMP_DYNAMIC): each then takes
// several of the ranges.
void run_shares(void *argument) {
  const Split &split = *static_cast<const Split *>(argument);
  const int64_t share = (split.count + split.threads - 1) / split.threads;
  for (int64_t range = thread_number(); range < split.threads; range += team_size()) {
    const int64_t begin = std::min<int64_t>(range * share, split.count);
    const int64_t end = std::min(begin + share, split.count);
    if (begin < end) split.body(split.context, begin, end);
  }
}

}  // namespace

void run_parallel(int64_t count, int64_t smallest_range, RangeBody body, void *context) {
  if (count <= 0) return;
  const int64_t useful = std::max<int64_t>(1, count / std::max<int64_t>(1, smallest_range));
  const int64_t threads = std::min<int64_t>(at::get_num_threads(), useful);
  if (threads <= 1 || enter_team == nullptr || thread_number == nullptr || team_size == nullptr ||
      at::in_parallel_region()) {
    body(context, 0, count);
    return;
  }
  Split split{count, threads, body, context};
  enter_team(run_shares, &split, static_cast<unsigned>(threads), 0);
}

int64_t task_slots(int64_t count) {
  const int64_t threads = at::in_parallel_region() ? 1 : at::get_num_threads();
  return std::clamp<int64_t>(count, 1, threads);
}

}  // namespace ct
