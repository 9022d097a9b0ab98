// Winograd's passes for AVX-512, whose 32 registers of 64 bytes hold 14 rows of two vectors beside what they are made of.

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
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)

namespace ct::avx512 {

constexpr Vectors instructions = Vectors::avx512;
constexpr int64_t vector_bytes = 64;
constexpr int most_rows = 14;
// For second caches of 2 MiB, as of Intel's Xeon since Sapphire Rapids.
constexpr int64_t block_bytes = 1344 << 10;
constexpr bool has_bfloat16 = false;

#include "winograd_passes.h"

CT_INSTANTIATE_PASSES(float);
CT_INSTANTIATE_PASSES(double);
CT_INSTANTIATE_PASSES(c10::BFloat16);

}  // namespace ct::avx512

#pragma clang attribute pop
#endif
