#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <pthread.h>

#include <condition_variable>
#include <mutex>
#include <vector>

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
  if (in_team != nullptr && in_team() != 0) ct_work_alone();
}

// Where threads wait until all that can be started have been.
struct Gate {
  std::mutex mutex;
  std::condition_variable opening;
  bool is_open = false;

  static void *wait(void *self) {
    auto &gate = *static_cast<Gate *>(self);
    std::unique_lock lock(gate.mutex);
    gate.opening.wait(lock, [&] { return gate.is_open; });
    return nullptr;
  }

  void open() {
    std::lock_guard lock(mutex);
    is_open = true;
    opening.notify_all();
  }
};

}  // namespace

void ct_concurrently(int64_t count, void (*body)(void *context, int64_t index), void *context) {
  ct::parallel_tasks(count, ct::task_slots(count), [&](ct::Tasks &tasks, int64_t) {
    run_operators_alone();
    for (int64_t index; tasks.take(index);) body(context, index);
  });
}

void ct_work_alone(void) {
  if (set_threads == nullptr) return;
  (void)at::get_num_threads();  // The first call on a thread makes the setting that is replaced here.
  set_threads(1);
}

int32_t ct_startable_threads(int32_t count) {
  Gate gate;
  std::vector<pthread_t> threads;
  threads.reserve(std::max<int32_t>(count, 0));
  for (pthread_t thread; static_cast<int32_t>(threads.size()) < count; threads.push_back(thread)) {
    // With a stack as large as those of OpenMP, which are the system's choice as well.
    if (pthread_create(&thread, nullptr, &Gate::wait, &gate) != 0) break;
  }
  gate.open();
  for (const pthread_t thread : threads) pthread_join(thread, nullptr);
  return static_cast<int32_t>(threads.size());
}

void ct_start_team(void) {
  ct::parallel_ranges(at::get_num_threads(), 1, [](int64_t, int64_t) {});
}
