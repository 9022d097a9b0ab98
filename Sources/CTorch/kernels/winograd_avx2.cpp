// Winograd's passes for AVX2, whose 16 registers of 32 bytes hold 6 rows of two vectors beside what they are made of.

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
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)

namespace ct::avx2 {

constexpr Vectors instructions = Vectors::avx2;
constexpr int64_t vector_bytes = 32;
constexpr int most_rows = 6;
// In the third cache: the second ones of 512 KiB of AMD's Zen 2 and 3 hold few tiles of many channels.
constexpr int64_t block_bytes = 2 << 20;
constexpr bool has_bfloat16 = false;

#include "winograd_passes.h"

CT_INSTANTIATE_PASSES(float);
CT_INSTANTIATE_PASSES(double);
CT_INSTANTIATE_PASSES(c10::BFloat16);

}  // namespace ct::avx2

#pragma clang attribute pop
#endif
