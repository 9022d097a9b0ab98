#include "processor.h"

namespace ct {

#if defined(__x86_64__)

bool has_avx2() {
  static const bool supported = __builtin_cpu_supports("x86-64-v3");
  return supported;
}

bool has_avx512() {
  static const bool supported = __builtin_cpu_supports("x86-64-v4");
  return supported;
}

bool multiplies_bfloat16_pairs() {
  static const bool multiplies =
      __builtin_cpu_is("amd") && has_avx512() && __builtin_cpu_supports("avx512bf16");
  return multiplies;
}

bool multiplies_bfloat16_matrices() {
  static const bool multiplies = __builtin_cpu_supports("amx-bf16");
  return multiplies;
}

#else

bool has_avx2() { return false; }
bool has_avx512() { return false; }
bool multiplies_bfloat16_pairs() { return false; }
bool multiplies_bfloat16_matrices() { return false; }

#endif

}  // namespace ct
