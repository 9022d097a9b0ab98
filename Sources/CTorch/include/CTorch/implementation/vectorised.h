// One loop, compiled for each set of vector instructions, of which each call names one.
//
// A kernel's loop is a plain template that is always inlined: into one function for each set, which the
// compiler then vectorises with the set's own registers.
#pragma once

#include "processor.h"

#define CT_INLINED __attribute__((always_inline)) inline

namespace ct {

#if defined(__x86_64__) && defined(__linux__)

// Instructions one by one: named as a whole, `arch=x86-64-v4`, the compiler prefers vectors of half the length.
#define CT_AVX2 "avx2,bmi,bmi2,crc32,cx16,f16c,fma,lzcnt,movbe,popcnt,sahf,xsave"
#define CT_AVX512 CT_AVX2 ",avx512f,avx512bw,avx512cd,avx512dq,avx512vl"

template <auto Loop, typename... Arguments>
__attribute__((target(CT_AVX512), noinline)) auto run_with_avx512(Arguments... arguments) {
  return Loop(arguments...);
}

template <auto Loop, typename... Arguments>
__attribute__((target(CT_AVX2), noinline)) auto run_with_avx2(Arguments... arguments) {
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
