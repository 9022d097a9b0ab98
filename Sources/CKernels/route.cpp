#include "route.h"

#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <string>

#include <CTorch/implementation/handles.h>

namespace ck {

namespace {

constexpr int route_count = 5;
constexpr std::array<const char *, route_count> names = {"libtorch", "portable", "avx2", "avx512",
                                                         "avx512_bf16"};
constexpr const char *variable = "LETHE_KERNELS";

constexpr int unset = -1;
std::atomic<int> chosen{unset};

thread_local std::array<int64_t, ck_kernel_count> kernel_runs{};
thread_local std::array<int64_t, 3> vector_runs{};

bool is_available(ck_route route) {
  switch (route) {
    case ck_route_avx2: return best_vectors() >= Vectors::avx2;
    case ck_route_avx512: return best_vectors() >= Vectors::avx512;
    case ck_route_avx512_bf16: return has_bfloat16_pairs();
    default: return true;
  }
}

ck_route best() {
  if (multiplies_bfloat16_pairs_faster()) return ck_route_avx512_bf16;
  switch (best_vectors()) {
    case Vectors::avx512: return ck_route_avx512;
    case Vectors::avx2: return ck_route_avx2;
    case Vectors::baseline: break;
  }
  return ck_route_portable;
}

std::string available_names() {
  std::string list;
  for (int route = 0; route < route_count; ++route) {
    if (!is_available(static_cast<ck_route>(route))) continue;
    list += (list.empty() ? "" : ", ") + std::string(names[route]);
  }
  return list;
}

ck_route named_by_environment() {
  const char *const name = std::getenv(variable);
  if (name == nullptr) return best();
  ck_route route;
  TORCH_CHECK(ck_route_named(name, &route) && is_available(route), variable, " is \"", name,
              "\", and kernels on this processor are ", available_names());
  return route;
}

}  // namespace

ck_route route() {
  int route = chosen.load(std::memory_order_relaxed);
  if (route == unset) {
    // Whoever sets one meanwhile has the last word.
    const int named = named_by_environment();
    if (chosen.compare_exchange_strong(route, named)) route = named;
  }
  return static_cast<ck_route>(route);
}

Vectors route_vectors() {
  switch (route()) {
    case ck_route_avx512:
    case ck_route_avx512_bf16: return Vectors::avx512;
    case ck_route_avx2: return Vectors::avx2;
    default: return Vectors::baseline;
  }
}

void count_run(ck_kernel kernel) { ++kernel_runs[kernel]; }

void count_run(Vectors vectors) { ++vector_runs[static_cast<size_t>(vectors)]; }

}  // namespace ck

using namespace ck;

const char *ck_route_name(ck_route route) { return names[route]; }

bool ck_route_named(const char *name, ck_route *route) {
  for (int i = 0; i < route_count; ++i) {
    if (std::strcmp(names[i], name) != 0) continue;
    *route = static_cast<ck_route>(i);
    return true;
  }
  return false;
}

bool ck_route_is_available(ck_route route) { return is_available(route); }

ck_route ck_best_route(void) { return best(); }

ct_status ck_current_route(ck_route *result) {
  return guard([&] { *result = route(); });
}

ct_status ck_use_route(ck_route route) {
  return guard([&] {
    TORCH_CHECK(is_available(route), "no kernels for ", names[route], " on this processor");
    chosen = route;
  });
}

int64_t ck_kernel_runs(ck_kernel kernel) { return kernel_runs[kernel]; }

int64_t ck_vector_runs(ck_route route) {
  switch (route) {
    case ck_route_avx512:
    case ck_route_avx512_bf16: return vector_runs[2];
    case ck_route_avx2: return vector_runs[1];
    default: return vector_runs[0];
  }
}
