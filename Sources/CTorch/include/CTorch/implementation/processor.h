// What the processor at hand computes by instructions of its own, as far as libtorch uses them: the
// environment's ATEN_CPU_CAPABILITY lowers both.
#pragma once

namespace ct {

// Instructions on vectors of floats, each set with all before it.
enum class Vectors { baseline, avx2, avx512 };

// The most that may be used.
Vectors best_vectors();

// Whether there are instructions, next to AVX-512, that multiply pairs of bfloat16 and add both products
// to a float.
bool has_bfloat16_pairs();

// Whether these take twice as many factors in the same time as those for floats. (Intel's with AVX-512
// alone take half as many.)
bool multiplies_bfloat16_pairs_faster();

// Whether it multiplies small matrices of bfloat16 (AMX), many times as fast as floats.
bool multiplies_bfloat16_matrices();

}  // namespace ct
