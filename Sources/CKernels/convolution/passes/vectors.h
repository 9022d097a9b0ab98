// Vectors of a processor P, as the compiler has them, so that double precision is the same source.
//
// S is the type in which pictures and filters are stored, T the one in which they are computed,
// Arithmetic<S>.
#pragma once

#include <cstring>
#include <type_traits>

#include "../../elements.h"
#include "processors.h"
#include "target.h"

CK_BEGIN_TARGET

namespace ck {

template <typename P, typename T>
using Vector __attribute__((vector_size(P::vector_bytes))) = T;

// The upper halves of as many floats.
template <typename P>
using Halves __attribute__((vector_size(P::vector_bytes / 2))) = uint16_t;

template <typename P, typename T>
constexpr int64_t lanes = P::vector_bytes / sizeof(T);

// A vector of elements, in the type of their arithmetic.
template <typename P, typename S>
CT_INLINED auto load(const S *source) {
  if constexpr (std::is_same_v<S, c10::BFloat16>) {
    Halves<P> halves;
    std::memcpy(&halves, source, sizeof halves);
    return reinterpret_cast<Vector<P, float>>(__builtin_convertvector(halves, Vector<P, uint32_t>)
                                              << 16);
  } else {
    Vector<P, S> value;
    std::memcpy(&value, source, sizeof value);
    return value;
  }
}

// The upper halves of floats, rounded as `store` does it lane by lane.
template <typename P>
CT_INLINED Halves<P> rounded(const Vector<P, float> &value) {
  if constexpr (P::multiplies_pairs) {
    Halves<P> halves;
    asm("vcvtneps2bf16 %1, %0" : "=v"(halves) : "v"(value));
    return halves;
  } else {
    const auto bits = reinterpret_cast<Vector<P, uint32_t>>(value);
    const auto nearest = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
    const auto unordered = (bits & 0x7fffffff) > 0x7f800000;
    return __builtin_convertvector(unordered ? Vector<P, uint32_t>{} + 0x7fc0 : nearest, Halves<P>);
  }
}

// Stores a vector as elements of S.
template <typename P, typename S>
CT_INLINED void put(S *target, const Vector<P, Arithmetic<S>> &value) {
  if constexpr (std::is_same_v<S, c10::BFloat16>) {
    const Halves<P> halves = rounded<P>(value);
    std::memcpy(target, &halves, sizeof halves);
  } else {
    std::memcpy(target, &value, sizeof value);
  }
}

}  // namespace ck

CK_END_TARGET
