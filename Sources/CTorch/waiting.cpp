// OpenMP's threads wait for one another at the end of every operator. On an idle machine they had
// better look again and again for a while, since to sleep and to wake takes longer than most
// operators; beside another busy process that is the worst they can do: each looks while the thread
// that it waits for has no core, and the system takes the core from it as from any process that
// computes. libgomp has one length of waiting for each case, and takes the short one while there are
// more threads in its teams than processors. So a second team that does nothing chooses the short one.

#include "CTorch/concurrency.h"
#include "CTorch/process.h"

#ifdef __linux__

#include <ATen/Parallel.h>
#include <dirent.h>
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

namespace {

using TeamEntry = void (*)(void (*)(void *), void *, unsigned threads, unsigned flags);
const auto enter_team = reinterpret_cast<TeamEntry>(dlsym(RTLD_DEFAULT, "GOMP_parallel"));

constexpr auto interval = std::chrono::milliseconds(250);
// Shares of the time between two looks in which a thread of ours could run and got no core. Another
// process on one of two cores gives 0.3 and more; an idle machine, below 0.01.
constexpr double busy_share = 0.08, idle_share = 0.02;
// A machine that was busy is so again soon; the price of the short waiting is some percent.
constexpr int looks_until_idle = 8;

std::atomic<bool> waits_asleep{false};

// Seconds that all threads of this process have waited for a core, by the system's own account;
// negative where it keeps none.
double seconds_without_core() {
  DIR *tasks = opendir("/proc/self/task");
  if (tasks == nullptr) return -1;
  double sum = -1;
  while (const dirent *entry = readdir(tasks)) {
    if (entry->d_name[0] == '.') continue;
    char path[sizeof "/proc/self/task//schedstat" + sizeof entry->d_name];
    std::snprintf(path, sizeof path, "/proc/self/task/%s/schedstat", entry->d_name);
    std::FILE *file = std::fopen(path, "re");
    if (file == nullptr) continue;
    unsigned long long running, waiting;
    if (std::fscanf(file, "%llu %llu", &running, &waiting) == 2)
      sum = (sum < 0 ? 0 : sum) + 1e-9 * static_cast<double>(waiting);
    std::fclose(file);
  }
  closedir(tasks);
  return sum;
}

// A team beside the one that computes: while it exists, libgomp counts more threads than processors. Its two
// threads must be there to be had: libgomp ends the process where one is refused.
class IdleTeam {
public:
  IdleTeam()
      : thread_([this] {
          enter_team([](void *) {}, nullptr, 2, 0);
          std::unique_lock lock(mutex_);
          changed_.wait(lock, [this] { return ends_; });
        }) {}
  IdleTeam(const IdleTeam &) = delete;
  IdleTeam &operator=(const IdleTeam &) = delete;

  ~IdleTeam() {
    {
      std::lock_guard lock(mutex_);
      ends_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ends_ = false;
  std::thread thread_;  // The last member: it uses the others from its first instruction.
};

int processors() {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
}

void watch() {
  using Clock = std::chrono::steady_clock;
  std::optional<IdleTeam> team;
  double before = seconds_without_core();
  auto then = Clock::now();
  for (int calm = 0; before >= 0;) {
    std::this_thread::sleep_for(interval);
    const double now = seconds_without_core();
    const auto time = Clock::now();
    const double share = (now - before) / std::chrono::duration<double>(time - then).count();
    before = now;
    then = time;
    calm = share > idle_share ? 0 : calm + 1;
    // Fewer threads than processors leave a core to others.
    if (share > busy_share && !team && at::get_num_threads() >= processors() &&
        ct_startable_threads(2) == 2) {
      try {
        team.emplace();
      } catch (const std::system_error &) {
        // Another process was faster: it is tried again.
      }
    } else if (calm >= looks_until_idle) {
      team.reset();
    }
    waits_asleep = team.has_value();
  }
}

}  // namespace

#endif

void ct_share_processors() {
#ifdef __linux__
  static std::atomic<bool> is_watched{false};
  if (enter_team == nullptr || is_watched.exchange(true)) return;
  try {
    std::thread(watch).detach();
  } catch (const std::system_error &) {
    // Without the thread, waiting stays as libgomp has it: slower beside others, and no less right.
  }
#endif
}

bool ct_waits_asleep(void) {
#ifdef __linux__
  return waits_asleep;
#else
  return false;
#endif
}
