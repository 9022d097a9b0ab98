// Which of our kernels are used, process-wide.
#pragma once

#include "CKernels/route.h"
#include <CTorch/implementation/vectorised.h>

namespace ck {

// Handles, the guard and threads are those of CTorch.
using namespace ct;

// That in use: set, or else named by LETHE_KERNELS, or else the best. Throws where the environment names
// none, or one that the processor lacks.
ck_route route();

// Whether there is any kernel of ours in use.
inline bool uses_kernels() { return route() != ck_route_libtorch; }

// Whether convolutions of many channels are computed by tiles.
inline bool convolves_by_tiles() { return route() >= ck_route_avx2; }

// Whether convolutions of bfloat16 are computed by products of pairs where there are such passes.
inline bool multiplies_pairs() { return route() == ck_route_avx512_bf16; }

// The instructions of that in use.
Vectors route_vectors();

// For tests: remembers on this thread that a kernel, or a loop with these instructions, has run.
void count_run(ck_kernel kernel);
void count_run(Vectors vectors);

// Calls a loop that is compiled for each set of instructions, with those of the route.
template <auto Loop, typename... Arguments>
void vectorised(Arguments... arguments) {
  const Vectors vectors = route_vectors();
  count_run(vectors);
  run_with<Loop>(vectors, arguments...);
}

}  // namespace ck
