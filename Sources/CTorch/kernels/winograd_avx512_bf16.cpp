// The passes of bfloat16 for AVX-512 with instructions that multiply pairs of it, and round to it.

#include <c10/core/CPUAllocator.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

#include "elements.h"
#include "winograd_processors.h"

#ifdef CT_HAS_WINOGRAD
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4,avx512bf16"))), apply_to = function)

namespace ct::avx512_bf16 {

constexpr Vectors instructions = Vectors::avx512;
constexpr int64_t vector_bytes = 64;
constexpr int most_rows = 14;
// For second caches of 1 MiB, as of AMD's since Zen 4, and the third.
constexpr int64_t block_bytes = 1344 << 10;
constexpr bool has_bfloat16 = true;

#include "winograd_passes.h"

CT_INSTANTIATE_PASSES(c10::BFloat16);

}  // namespace ct::avx512_bf16

#pragma clang attribute pop
#endif
