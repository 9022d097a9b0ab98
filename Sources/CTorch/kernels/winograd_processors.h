// The passes of winograd_passes.h, as they are compiled for each processor.
#pragma once

#include <algorithm>
#include <cstdint>

// Processors with these instructions only; elsewhere libtorch convolves.
#if defined(__x86_64__) && defined(__linux__)
#define CT_HAS_WINOGRAD 1
#endif

namespace ct {

// Their sizes; NHWC in memory.
struct Pictures {
  int64_t count, height, width, channels;

  // Where the channels of a pixel begin.
  int64_t pixel(int64_t image, int64_t row, int64_t column) const {
    return ((image * height + row) * width + column) * channels;
  }
};

// Whether F(4, 3) pays, whose square tiles of 4x4 results take 36 products, instead of F(2, 3), with 16 for
// 2x2: fewer products, and tiles enough to make up for larger kernels.
inline bool is_wide(const Pictures &results) {
  const auto tiles = [&](int64_t side) {
    return results.count * ((results.height + side - 1) / side) *
           ((results.width + side - 1) / side);
  };
  const int64_t wide = tiles(4), narrow = tiles(2);
  return wide >= std::max<int64_t>(32, results.channels / 2) && wide * 36 < narrow * 16;
}

// How a kernel moves: 3x3 with stride 1 and padding 1; 3x3 with stride 2 and no padding; the transpose
// of that; 1x1.
enum class Movement { same_size, half_size, double_size, pointwise };

// A kernel w [a, b, k, k] as one side of products: which index is the depth that is summed over and
// which the columns, and whether it is turned by 180 degrees. Its taps lie one after the other.
struct KernelSide {
  int64_t depth_stride, column_stride;
  bool turned;
};

// The derivative by a kernel [outputs, inputs, k, k], as it lies in memory.
struct KernelGradient {
  int64_t output_stride, input_stride;
};

#define CT_DECLARE_PASSES(processor)                                                            \
  namespace processor {                                                                         \
  /* y, from x and w. Channels are multiples of 16. */                                           \
  template <typename S>                                                                         \
  void convolve(Movement, const S *x, const Pictures &inputs, const S *w, const KernelSide &,    \
                S *y, const Pictures &results);                                                 \
  /* dw, from dy and x; a transpose's outputs are the pictures that it makes larger. */          \
  template <typename S>                                                                         \
  void differentiate(Movement, const S *dy, const Pictures &outputs, const S *x,                \
                     const Pictures &inputs, S *dw, const KernelGradient &);                    \
  }

CT_DECLARE_PASSES(avx2)
CT_DECLARE_PASSES(avx512)
CT_DECLARE_PASSES(avx512_bf16)

// For each type of elements, at the end of a processor's file.
#define CT_INSTANTIATE_PASSES(S)                                                                   \
  template void convolve<S>(Movement, const S *, const Pictures &, const S *, const KernelSide &,  \
                            S *, const Pictures &);                                               \
  template void differentiate<S>(Movement, const S *, const Pictures &, const S *,                 \
                                 const Pictures &, S *, const KernelGradient &)

}  // namespace ct
