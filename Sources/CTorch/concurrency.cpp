#include <ATen/Parallel.h>
#include <dlfcn.h>

#include "CTorch/concurrency.h"
#include "CTorch/implementation/parallel.h"

namespace {

using SetThreads = void (*)(int);
using InTeam = int (*)();

const auto set_threads = reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "omp_set_num_threads"));
const auto in_team = reinterpret_cast<InTeam>(dlsym(RTLD_DEFAULT, "omp_in_parallel"));

// A thread of a team runs each operator alone. libtorch sees to that by itself; oneDNN plans for as
// many threads as it may ask for, and must be told. The setting ends with the team's work.
void run_operators_alone() {
  if (set_threads == nullptr || in_team == nullptr || in_team() == 0) return;
  (void)at::get_num_threads();  // The first call on a thread makes the setting that is replaced here.
  set_threads(1);
}

}  // namespace

void ct_concurrently(int64_t count, void (*body)(void *context, int64_t index), void *context) {
  ct::parallel_tasks(count, ct::task_slots(count), [&](ct::Tasks &tasks, int64_t) {
    run_operators_alone();
    for (int64_t index; tasks.take(index);) body(context, index);
  });
}
