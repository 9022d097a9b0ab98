// What the processor at hand computes by instructions of its own.
#pragma once

namespace ct {

bool has_avx2();
bool has_avx512();

// Whether it multiplies pairs of bfloat16 at twice the rate of floats. (Intel's with AVX-512 alone do so
// at half the rate.)
bool multiplies_bfloat16_pairs();

// Whether it multiplies small matrices of bfloat16 (AMX), many times as fast as floats.
bool multiplies_bfloat16_matrices();

}  // namespace ct
