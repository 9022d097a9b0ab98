#include "CTorch/implementation/processor.h"

#include <ATen/Version.h>

namespace ct {

#if defined(__x86_64__) && defined(__linux__)

Vectors best_vectors() {
  static const Vectors best = [] {
    const std::string capability = at::get_cpu_capability();
    if (capability == "DEFAULT" || !__builtin_cpu_supports("x86-64-v3")) return Vectors::baseline;
    if (capability == "AVX2" || !__builtin_cpu_supports("x86-64-v4")) return Vectors::avx2;
    return Vectors::avx512;
  }();
  return best;
}

bool has_bfloat16_pairs() {
  static const bool has = best_vectors() == Vectors::avx512 && __builtin_cpu_supports("avx512bf16");
  return has;
}

bool multiplies_bfloat16_pairs_faster() {
  static const bool multiplies = has_bfloat16_pairs() && __builtin_cpu_is("amd");
  return multiplies;
}

bool multiplies_bfloat16_matrices() {
  static const bool multiplies =
      best_vectors() == Vectors::avx512 && __builtin_cpu_supports("amx-bf16");
  return multiplies;
}

#else

Vectors best_vectors() { return Vectors::baseline; }
bool has_bfloat16_pairs() { return false; }
bool multiplies_bfloat16_pairs_faster() { return false; }
bool multiplies_bfloat16_matrices() { return false; }

#endif

}  // namespace ct
