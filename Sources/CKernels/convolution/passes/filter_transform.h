// The filter transform G g G' of a filter's taps g, and the transpose of it that ends a gradient.
#pragma once

#include "filter_sums.h"
#include "processors.h"
#include "target.h"
#include "tiles.h"
#include "vectors.h"

CK_BEGIN_TARGET

namespace ck {

// G g G' of a vector of columns at one depth.
template <typename P, typename A, typename S, typename T>
CT_INLINED void transform_filter(const S *w, const FilterOperand &operand, int64_t column,
                                 int64_t depth, T *result, int64_t position_stride) {
  using V = Vector<P, T>;
  constexpr int taps = A::taps;
  const S *source = w + column * operand.column_stride + depth * operand.depth_stride;
  V g[taps][taps];
  for (int i = 0; i < taps * taps; ++i) {
    V value;
    for (int64_t lane = 0; lane < lanes<P, T>; ++lane) {
      value[lane] = upcast(source[lane * operand.column_stride + i]);
    }
    const int position = operand.turned ? taps * taps - 1 - i : i;
    g[position / taps][position % taps] = value;
  }
  V rows[taps][A::positions];
#pragma unroll
  for (int i = 0; i < taps; ++i) A::filter(g[i], rows[i]);
#pragma unroll
  for (int j = 0; j < A::positions; ++j) {
    V row[taps], made[A::positions];
#pragma unroll
    for (int i = 0; i < taps; ++i) row[i] = rows[i][j];
    A::filter(row, made);
#pragma unroll
    for (int i = 0; i < A::positions; ++i) {
      put<P>(result + (i * A::positions + j) * position_stride, made[i]);
    }
  }
}

// G' m G of a vector of outputs and one input, with m the sum of all pieces, into dw.
template <typename P, typename A, typename S, typename T>
CT_INLINED void transform_filter_sums(const T *parts, const FilterSums<T> &sums, int64_t input,
                                      int64_t output, S *dw, const FilterGradientLayout &layout) {
  using V = Vector<P, T>;
  constexpr int taps = A::taps;
  const int64_t position_stride = sums.position_stride(input, output);
  const T *source = parts + sums.offset(input, output) +
                    (input - sums.first(input)) * sums.width(output) +
                    (output - sums.first(output));
  S *target = dw + output * layout.output_stride + input * layout.input_stride;
  V m[A::positions][A::positions] = {};
  for (int64_t piece = 0; piece < sums.pieces; ++piece, source += sums.piece_size()) {
#pragma unroll
    for (int i = 0; i < positions<A>; ++i) {
      m[i / A::positions][i % A::positions] += load<P>(source + i * position_stride);
    }
  }
  V rows[taps][A::positions];
#pragma unroll
  for (int j = 0; j < A::positions; ++j) {
    V column[A::positions], made[taps];
#pragma unroll
    for (int i = 0; i < A::positions; ++i) column[i] = m[i][j];
    A::filter_gradient(column, made);
#pragma unroll
    for (int i = 0; i < taps; ++i) rows[i][j] = made[i];
  }
#pragma unroll
  for (int i = 0; i < taps; ++i) {
    V g[taps];
    A::filter_gradient(rows[i], g);
#pragma unroll
    for (int j = 0; j < taps; ++j) {
      for (int64_t lane = 0; lane < lanes<P, T>; ++lane) {
        store(target + lane * layout.output_stride + i * taps + j, g[j][lane]);
      }
    }
  }
}

}  // namespace ck

CK_END_TARGET
