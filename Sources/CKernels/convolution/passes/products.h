// Products of matrices, panel by panel: two vectors of columns, by as many rows as the registers hold sums.
#pragma once

#include <algorithm>

#include "target.h"
#include "vectors.h"

CK_BEGIN_TARGET

namespace ck {

// Two bfloat16 that are multiplied together: the first in the lower half.
using Pair = uint32_t;

// What products of T are added up in.
template <typename T>
using Summed = std::conditional_t<std::is_same_v<T, Pair>, float, T>;

// Columns of a product that are computed together.
template <typename P, typename T>
constexpr int64_t panel = 2 * lanes<P, T>;

// What a product fetches while it is computed, a row with each step: the factors b of the part that
// follows, into the second cache, or the sums of the rows that follow, into the first.
enum class Ahead { factors, sums };

// out [rows, columns] (+)= sum over depth of a[row, depth] * b[depth, columns]. A sum is made from zero
// before it is added: sums of sums round less than long ones.
template <typename T>
struct Product {
  const T *a;
  int64_t row_stride, depth_stride;
  const T *b;
  int64_t b_stride, depth;
  Summed<T> *out;
  int64_t out_stride;
};

// sums += factor * values, with one number, or one pair, loaded into all lanes. The instructions are
// written down: left to itself, the compiler loads the factors of all rows first, and spills the sums.
template <typename P, typename T, int Width>
CT_INLINED void multiply_add(const T &factor, const Vector<P, T> (&values)[Width],
                             Vector<P, Summed<T>> (&sums)[Width]) {
  Vector<P, T> broadcast;
  if constexpr (std::is_same_v<T, Pair>) {
    asm volatile("vpbroadcastd %1, %0" : "=v"(broadcast) : "m"(factor));
    for (int w = 0; w < Width; ++w) {
      asm volatile("vdpbf16ps %2, %1, %0" : "+v"(sums[w]) : "v"(broadcast), "v"(values[w]));
    }
  } else if constexpr (std::is_same_v<T, float>) {
    asm volatile("vbroadcastss %1, %0" : "=v"(broadcast) : "m"(factor));
    for (int w = 0; w < Width; ++w) {
      asm volatile("vfmadd231ps %2, %1, %0" : "+v"(sums[w]) : "v"(broadcast), "v"(values[w]));
    }
  } else {
    asm volatile("vbroadcastsd %1, %0" : "=v"(broadcast) : "m"(factor));
    for (int w = 0; w < Width; ++w) {
      asm volatile("vfmadd231pd %2, %1, %0" : "+v"(sums[w]) : "v"(broadcast), "v"(values[w]));
    }
  }
}

// The micro-kernel: `Rows` rows and `Width` vectors of columns, whose sums the registers hold.
template <typename P, typename T, int Rows, int Width, bool Adds, Ahead Next>
CT_INLINED void micro_kernel(const Product<T> &product) {
  const int64_t row_stride = product.row_stride, depth_stride = product.depth_stride;
  const int64_t b_stride = product.b_stride, depth = product.depth;
  const int64_t out_stride = product.out_stride;
  const T *b = product.b;
  Summed<T> *out = product.out;
  Vector<P, Summed<T>> sums[Rows][Width] = {};
  // One pointer for three rows: a row's address is then one operand of its instruction.
  const T *rows[(Rows + 2) / 3];
#pragma unroll
  for (int r = 0; r < Rows; r += 3) rows[r / 3] = product.a + r * row_stride;
  static_assert(sizeof(T) == sizeof(Summed<T>));
  const T *next = Next == Ahead::factors ? b + depth * b_stride
                                         : reinterpret_cast<const T *>(out + Rows * out_stride);
  const int64_t next_stride = Next == Ahead::factors ? b_stride : out_stride;
  for (int64_t d = 0; d < depth; ++d) {
    Vector<P, T> values[Width];
#pragma unroll
    for (int w = 0; w < Width; ++w) values[w] = load<P>(b + w * lanes<P, T>);
#pragma unroll
    for (int line = 0; line < Width * P::vector_bytes; line += 64) {
      __builtin_prefetch(next + line / sizeof(T), 0, Next == Ahead::factors ? 2 : 3);
    }
    next += next_stride;
#pragma unroll
    for (int r = 0; r < Rows; ++r) {
      multiply_add<P, T, Width>(rows[r / 3][r % 3 * row_stride], values, sums[r]);
    }
#pragma unroll
    for (int r = 0; r < Rows; r += 3) rows[r / 3] += depth_stride;
    b += b_stride;
  }
#pragma unroll
  for (int r = 0; r < Rows; ++r) {
#pragma unroll
    for (int w = 0; w < Width; ++w) {
      Summed<T> *target = out + r * out_stride + w * lanes<P, T>;
      put<P>(target, Adds ? load<P>(target) + sums[r][w] : sums[r][w]);
    }
  }
}

// Dispatches so few rows to the micro-kernel for their number, which is then known to the compiler.
template <typename P, typename T, int Width, bool Adds, Ahead Next, int Rows = P::most_rows>
void multiply_strip(int64_t rows, const Product<T> &product) {
  if (rows == Rows) return micro_kernel<P, T, Rows, Width, Adds, Next>(product);
  if constexpr (Rows > 1) multiply_strip<P, T, Width, Adds, Next, Rows - 1>(rows, product);
}

// A panel of one or two vectors of columns by any number of rows, in strips of nearly equal height.
template <typename P, typename T, bool Adds, Ahead Next>
void multiply_panel(int64_t rows, int64_t width, const Product<T> &product) {
  const int64_t strips = (rows + P::most_rows - 1) / P::most_rows;
  for (int64_t strip = 0; strip < strips; ++strip) {
    const int64_t row = rows * strip / strips, height = rows * (strip + 1) / strips - row;
    Product<T> part = product;
    part.a += row * product.row_stride;
    part.out += row * product.out_stride;
    if (width == panel<P, T>) {
      multiply_strip<P, T, 2, Adds, Next>(height, part);
    } else {
      multiply_strip<P, T, 1, Adds, Next>(height, part);
    }
  }
}

// The same, with the depth cut into parts.
template <typename P, typename T>
void multiply_deep(int64_t rows, int64_t width, int64_t part_of_depth, const Product<T> &product) {
  for (int64_t first = 0; first < product.depth; first += part_of_depth) {
    Product<T> part = product;
    part.depth = std::min(part_of_depth, product.depth - first);
    part.a += first * product.depth_stride;
    part.b += first * product.b_stride;
    if (first == 0) {
      multiply_panel<P, T, false, Ahead::factors>(rows, width, part);
    } else {
      multiply_panel<P, T, true, Ahead::factors>(rows, width, part);
    }
  }
}

}  // namespace ck

CK_END_TARGET
