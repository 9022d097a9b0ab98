// What the passes by tiles take, and the processors that they are compiled for.
#pragma once

#include <algorithm>
#include <cstdint>

#include "../../route.h"

// Processors with these instructions only; elsewhere libtorch convolves.
#if defined(__x86_64__) && defined(__linux__)
#define CK_HAS_TILES 1
#endif

namespace ck {

// Sizes of a batch of pictures; NHWC in memory.
struct Pictures {
  int64_t count, height, width, channels;

  // Where the channels of a pixel begin.
  int64_t pixel(int64_t image, int64_t row, int64_t column) const {
    return ((image * height + row) * width + column) * channels;
  }
};

// 3x3 with stride 1 and padding 1; 3x3 with stride 2 and no padding; the transpose of that; 1x1.
enum class ConvolutionKind { stride_1, stride_2, transposed, pointwise };

// Whether F(4, 3) pays, whose square tiles of 4x4 results take 36 products, instead of F(2, 3), with 16
// for 2x2: fewer products, and tiles enough to make up for larger transformed filters.
inline bool is_wide(const Pictures &results) {
  const auto tiles = [&](int64_t side) {
    return results.count * ((results.height + side - 1) / side) *
           ((results.width + side - 1) / side);
  };
  const int64_t wide = tiles(4), narrow = tiles(2);
  return wide >= std::max<int64_t>(32, results.channels / 2) && wide * 36 < narrow * 16;
}

// A filter w [a, b, k, k] as one side of products: which index is the depth that is summed over and
// which the columns, and whether it is turned by 180 degrees. Its taps lie one after the other.
struct FilterOperand {
  int64_t depth_stride, column_stride;
  bool turned;
};

// The gradient by a filter [outputs, inputs, k, k], as it lies in memory.
struct FilterGradientLayout {
  int64_t output_stride, input_stride;
};

// 16 registers of 32 bytes hold 6 rows of two vectors beside what they are made of.
struct AVX2 {
  static constexpr Vectors vectors = Vectors::avx2;
  static constexpr int64_t vector_bytes = 32;
  static constexpr int most_rows = 6;
  // Of a block of tiles, in the third cache: the second ones of 512 KiB of AMD's Zen 2 and 3 hold few
  // tiles of many channels.
  static constexpr int64_t block_bytes = 2 << 20;
  static constexpr bool multiplies_pairs = false;
};

// 32 registers of 64 bytes hold 14 rows of two vectors beside what they are made of.
struct AVX512 {
  static constexpr Vectors vectors = Vectors::avx512;
  static constexpr int64_t vector_bytes = 64;
  static constexpr int most_rows = 14;
  // For second caches of 2 MiB, as of Intel's Xeon since Sapphire Rapids.
  static constexpr int64_t block_bytes = 1344 << 10;
  static constexpr bool multiplies_pairs = false;
};

// AVX-512 with instructions that multiply pairs of bfloat16, and round to it.
struct AVX512BFloat16 {
  static constexpr Vectors vectors = Vectors::avx512;
  static constexpr int64_t vector_bytes = 64;
  static constexpr int most_rows = 14;
  // For second caches of 1 MiB, as of AMD's since Zen 4, and the third.
  static constexpr int64_t block_bytes = 1344 << 10;
  static constexpr bool multiplies_pairs = true;
};

// y, from x and w. Channels are multiples of 16.
template <typename P, typename S>
void convolve(ConvolutionKind kind, const S *x, const Pictures &inputs, const S *w,
              const FilterOperand &operand, S *y, const Pictures &results);

// dw, from dy and x; a transpose's outputs are the pictures that it makes larger.
template <typename P, typename S>
void differentiate_filter(ConvolutionKind kind, const S *dy, const Pictures &outputs, const S *x,
                          const Pictures &inputs, S *dw, const FilterGradientLayout &layout);

// For each type of elements, at the end of a processor's file.
#define CK_INSTANTIATE_PASSES(P, S)                                                      \
  template void convolve<P, S>(ConvolutionKind, const S *, const Pictures &, const S *,  \
                               const FilterOperand &, S *, const Pictures &);            \
  template void differentiate_filter<P, S>(ConvolutionKind, const S *, const Pictures &, \
                                           const S *, const Pictures &, S *,             \
                                           const FilterGradientLayout &)

}  // namespace ck
