// One loop, compiled for each set of vector instructions, of which each call names one.
//
// A kernel's loop is a plain template that is always inlined: into one function for each set, which the
// compiler then vectorises with the set's own registers.
#pragma once

#include "processor.h"

#define CT_INLINED __attribute__((always_inline)) inline

namespace ct {

#if defined(__x86_64__) && defined(__linux__)

template <auto Loop, typename... Arguments>
__attribute__((target("arch=x86-64-v4"), noinline)) auto run_with_avx512(Arguments... arguments) {
  return Loop(arguments...);
}

template <auto Loop, typename... Arguments>
__attribute__((target("arch=x86-64-v3"), noinline)) auto run_with_avx2(Arguments... arguments) {
  return Loop(arguments...);
}

#endif

// Calls `Loop`, a function marked CT_INLINED.
template <auto Loop, typename... Arguments>
auto run_with(Vectors vectors, Arguments... arguments) {
#if defined(__x86_64__) && defined(__linux__)
  switch (vectors) {
    case Vectors::avx512: return run_with_avx512<Loop>(arguments...);
    case Vectors::avx2: return run_with_avx2<Loop>(arguments...);
    case Vectors::baseline: break;
  }
#endif
  return Loop(arguments...);
}

}  // namespace ct
