#include "route.h"

#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <string>

#include "../internal.h"

namespace ct {

namespace {

constexpr int route_count = 5;
constexpr std::array<const char *, route_count> names = {"libtorch", "portable", "avx2", "avx512",
                                                         "avx512_bf16"};
constexpr const char *variable = "LETHE_KERNELS";

constexpr int unset = -1;
std::atomic<int> chosen{unset};

thread_local std::array<int64_t, ct_kernel_count> kernel_runs{};
thread_local std::array<int64_t, 3> vector_runs{};

bool is_available(ct_kernel_route route) {
  switch (route) {
    case ct_route_avx2: return best_vectors() >= Vectors::avx2;
    case ct_route_avx512: return best_vectors() >= Vectors::avx512;
    case ct_route_avx512_bf16: return has_bfloat16_pairs();
    default: return true;
  }
}

ct_kernel_route best() {
  if (multiplies_bfloat16_pairs_faster()) return ct_route_avx512_bf16;
  switch (best_vectors()) {
    case Vectors::avx512: return ct_route_avx512;
    case Vectors::avx2: return ct_route_avx2;
    case Vectors::baseline: break;
  }
  return ct_route_portable;
}

std::string available_names() {
  std::string list;
  for (int route = 0; route < route_count; ++route) {
    if (!is_available(static_cast<ct_kernel_route>(route))) continue;
    list += (list.empty() ? "" : ", ") + std::string(names[route]);
  }
  return list;
}

ct_kernel_route named_by_environment() {
  const char *const name = std::getenv(variable);
  if (name == nullptr) return best();
  ct_kernel_route route;
  TORCH_CHECK(ct_kernel_route_named(name, &route) && is_available(route), variable, " is \"", name,
              "\", and kernels on this processor are ", available_names());
  return route;
}

}  // namespace

ct_kernel_route route() {
  int route = chosen.load(std::memory_order_relaxed);
  if (route == unset) {
    // Whoever sets one meanwhile has the last word.
    const int named = named_by_environment();
    if (chosen.compare_exchange_strong(route, named)) route = named;
  }
  return static_cast<ct_kernel_route>(route);
}

Vectors route_vectors() {
  switch (route()) {
    case ct_route_avx512:
    case ct_route_avx512_bf16: return Vectors::avx512;
    case ct_route_avx2: return Vectors::avx2;
    default: return Vectors::baseline;
  }
}

void count_run(ct_kernel kernel) { ++kernel_runs[kernel]; }

void count_run(Vectors vectors) { ++vector_runs[static_cast<size_t>(vectors)]; }

}  // namespace ct

using namespace ct;

const char *ct_kernel_route_name(ct_kernel_route route) { return names[route]; }

bool ct_kernel_route_named(const char *name, ct_kernel_route *route) {
  for (int i = 0; i < route_count; ++i) {
    if (std::strcmp(names[i], name) != 0) continue;
    *route = static_cast<ct_kernel_route>(i);
    return true;
  }
  return false;
}

bool ct_kernel_route_is_available(ct_kernel_route route) { return is_available(route); }

ct_kernel_route ct_best_kernel_route(void) { return best(); }

ct_status ct_current_kernel_route(ct_kernel_route *result) {
  return guard([&] { *result = route(); });
}

ct_status ct_use_kernel_route(ct_kernel_route route) {
  return guard([&] {
    TORCH_CHECK(is_available(route), "no kernels for ", names[route], " on this processor");
    chosen = route;
  });
}

int64_t ct_kernel_runs(ct_kernel kernel) { return kernel_runs[kernel]; }

int64_t ct_vector_runs(ct_kernel_route route) {
  switch (route) {
    case ct_route_avx512:
    case ct_route_avx512_bf16: return vector_runs[2];
    case ct_route_avx2: return vector_runs[1];
    default: return vector_runs[0];
  }
}
