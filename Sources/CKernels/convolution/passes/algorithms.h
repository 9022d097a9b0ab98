// Convolutions of one row by fewer multiplications than their definition takes (Winograd; Lavin and
// Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016). Each algorithm makes
// `outputs` results from `inputs` values d and a filter g:
//
//   y = A' [(G g) . (B' d)]        dg = G' [(A dy) . (B' d)]
//
// with one product for each of its `positions`. Nested, an algorithm makes a square of results from a
// square of values. All but F4x3 multiply by 1 and 1/2 only,
// which rounds nothing.
//
// `step` is the way to the next square of values, `before` how far a square begins before its results.
// Where results end within a square, some positions meet zeros alone: `lone_positions` are the first
// ones that count for a single result.
//
// They are always inlined, into passes of each processor.
#pragma once

#include <type_traits>

#include "target.h"
#include "processors.h"

CK_BEGIN_TARGET

namespace ck {

// F(2, 3): a filter of 3, stride 1, padding 1. Of 6 multiplications 4 are left, of 36 in a square 16.
struct F2x3 {
  static constexpr ck_kernel kernel_name = ck_kernel_winograd_f23;
  static constexpr int taps = 3, inputs = 4, outputs = 2, positions = 4;
  static constexpr int step = 2, before = 1;

  static constexpr int lone_positions = positions;

  template <typename V>
  CT_INLINED static void input(const V (&d)[4], V (&m)[4]) {
    m[0] = d[0] - d[2], m[1] = d[1] + d[2], m[2] = d[2] - d[1], m[3] = d[1] - d[3];
  }
  template <typename V>
  CT_INLINED static void filter(const V (&g)[3], V (&m)[4]) {
    const V sum = g[0] + g[2];
    m[0] = g[0], m[1] = half(sum + g[1]), m[2] = half(sum - g[1]), m[3] = g[2];
  }
  template <typename V>
  CT_INLINED static void output(const V (&m)[4], V (&y)[2]) {
    y[0] = m[0] + m[1] + m[2], y[1] = m[1] - m[2] - m[3];
  }
  template <typename V>
  CT_INLINED static void output_gradient(const V (&dy)[2], V (&m)[4]) {
    m[0] = dy[0], m[1] = dy[0] + dy[1], m[2] = dy[0] - dy[1], m[3] = -dy[1];
  }
  template <typename V>
  CT_INLINED static void filter_gradient(const V (&m)[4], V (&dg)[3]) {
    const V sum = half(m[1] + m[2]);
    dg[0] = m[0] + sum, dg[1] = half(m[1] - m[2]), dg[2] = sum + m[3];
  }

 private:
  template <typename V>
  CT_INLINED static V half(const V &x) {
    return x / 2;
  }
};

// F(4, 3): the same by 6 multiplications instead of 12, of 144 in a square 36. Its points 0, 5/8, -5/8,
// 3/2, -3/2 and infinity let the rounding of sums over products grow by 2.9 in a square, where the usual
// 0, 1, -1, 2, -2 and infinity let it grow by 6.5; F(2, 3) is 1. These sums are kept short instead (see
// `part_of_depth`), and results are about as exact as those of a convolution by its definition.
struct F4x3 {
  static constexpr ck_kernel kernel_name = ck_kernel_winograd_f43;
  static constexpr int taps = 3, inputs = 6, outputs = 4, positions = 6;
  static constexpr int step = 4, before = 1;

  static constexpr int lone_positions = positions;

  template <typename V>
  CT_INLINED static void input(const V (&d)[6], V (&m)[6]) {
    const V near_even = d[4] - scaled(d[2], far * far), near_odd = d[3] - scaled(d[1], far * far);
    const V far_even = d[4] - scaled(d[2], near * near), far_odd = d[3] - scaled(d[1], near * near);
    m[0] = scaled(d[0], product) + (d[4] - scaled(d[2], sum));
    m[1] = near_even + scaled(near_odd, near), m[2] = near_even - scaled(near_odd, near);
    m[3] = far_even + scaled(far_odd, far), m[4] = far_even - scaled(far_odd, far);
    m[5] = scaled(d[1], product) + (d[5] - scaled(d[3], sum));
  }
  template <typename V>
  CT_INLINED static void filter(const V (&g)[3], V (&m)[6]) {
    const V near_even = g[0] + scaled(g[2], near * near), near_odd = scaled(g[1], near);
    const V far_even = g[0] + scaled(g[2], far * far), far_odd = scaled(g[1], far);
    m[0] = scaled(g[0], 1 / product);
    m[1] = scaled(near_even + near_odd, near_factor),
    m[2] = scaled(near_even - near_odd, near_factor);
    m[3] = scaled(far_even + far_odd, far_factor), m[4] = scaled(far_even - far_odd, far_factor);
    m[5] = g[2];
  }
  template <typename V>
  CT_INLINED static void output(const V (&m)[6], V (&y)[4]) {
    const V near_even = m[1] + m[2], near_odd = m[1] - m[2];
    const V far_even = m[3] + m[4], far_odd = m[3] - m[4];
    y[0] = m[0] + near_even + far_even;
    y[1] = scaled(near_odd, near) + scaled(far_odd, far);
    y[2] = scaled(near_even, near * near) + scaled(far_even, far * far);
    y[3] = m[5] + scaled(near_odd, near * near * near) + scaled(far_odd, far * far * far);
  }
  template <typename V>
  CT_INLINED static void output_gradient(const V (&dy)[4], V (&m)[6]) {
    const V near_even = dy[0] + scaled(dy[2], near * near);
    const V near_odd = dy[1] + scaled(dy[3], near * near);
    const V far_even = dy[0] + scaled(dy[2], far * far), far_odd = dy[1] + scaled(dy[3], far * far);
    m[0] = dy[0];
    m[1] = near_even + scaled(near_odd, near), m[2] = near_even - scaled(near_odd, near);
    m[3] = far_even + scaled(far_odd, far), m[4] = far_even - scaled(far_odd, far);
    m[5] = dy[3];
  }
  template <typename V>
  CT_INLINED static void filter_gradient(const V (&m)[6], V (&dg)[3]) {
    const V near_even = scaled(m[1] + m[2], near_factor),
            near_odd = scaled(m[1] - m[2], near_factor);
    const V far_even = scaled(m[3] + m[4], far_factor), far_odd = scaled(m[3] - m[4], far_factor);
    dg[0] = scaled(m[0], 1 / product) + near_even + far_even;
    dg[1] = scaled(near_odd, near) + scaled(far_odd, far);
    dg[2] = m[5] + scaled(near_even, near * near) + scaled(far_even, far * far);
  }

 private:
  static constexpr double near = 0.625, far = 1.5;
  static constexpr double product = near * near * far * far, sum = near * near + far * far;
  static constexpr double near_factor = 1 / (2 * near * near * (near * near - far * far));
  static constexpr double far_factor = 1 / (2 * far * far * (far * far - near * near));

  template <typename V>
  CT_INLINED static V scaled(const V &x, double factor) {
    return x * static_cast<std::remove_cvref_t<decltype(x[0])>>(factor);
  }
};

// A filter of 3 with stride 2, from 2n + 1 values to n. The even values meet g0 and g2, which is
// F(2, 2) with 3 multiplications instead of 4; the odd ones meet g1. Of 36 in a square 25 are left.
struct Stride2 {
  static constexpr ck_kernel kernel_name = ck_kernel_strided_tiles;
  static constexpr int taps = 3, inputs = 5, outputs = 2, positions = 5;
  static constexpr int step = 4, before = 0;

  static constexpr int lone_positions = positions;

  template <typename V>
  CT_INLINED static void input(const V (&d)[5], V (&m)[5]) {
    m[0] = d[0] - d[2], m[1] = d[1], m[2] = d[2], m[3] = d[3], m[4] = d[2] - d[4];
  }
  template <typename V>
  CT_INLINED static void filter(const V (&g)[3], V (&m)[5]) {
    m[0] = g[0], m[1] = g[1], m[2] = g[0] + g[2], m[3] = g[1], m[4] = g[2];
  }
  template <typename V>
  CT_INLINED static void output(const V (&m)[5], V (&y)[2]) {
    y[0] = m[0] + m[1] + m[2], y[1] = m[2] + m[3] - m[4];
  }
  template <typename V>
  CT_INLINED static void output_gradient(const V (&dy)[2], V (&m)[5]) {
    m[0] = dy[0], m[1] = dy[0], m[2] = dy[0] + dy[1], m[3] = dy[1], m[4] = -dy[1];
  }
  template <typename V>
  CT_INLINED static void filter_gradient(const V (&m)[5], V (&dg)[3]) {
    dg[0] = m[0] + m[2], dg[1] = m[1] + m[3], dg[2] = m[2] + m[4];
  }
};

// The transpose of Stride2, from n values to 2n + 1, of which it makes 4 from 3 at a time. Its
// filter is differentiated as that of Stride2, with inputs and outputs exchanged.
struct Transposed2 {
  static constexpr ck_kernel kernel_name = ck_kernel_strided_tiles;
  static constexpr int taps = 3, inputs = 3, outputs = 4, positions = 5;
  static constexpr int step = 2, before = 1;

  // The one result after the last pair is g2 times the last value.
  static constexpr int lone_positions = 1;

  template <typename V>
  CT_INLINED static void input(const V (&d)[3], V (&m)[5]) {
    m[0] = d[0] - d[1], m[1] = d[1], m[2] = d[1], m[3] = d[2], m[4] = d[1] - d[2];
  }
  template <typename V>
  CT_INLINED static void filter(const V (&g)[3], V (&m)[5]) {
    m[0] = g[2], m[1] = g[1], m[2] = g[0] + g[2], m[3] = g[1], m[4] = g[0];
  }
  template <typename V>
  CT_INLINED static void output(const V (&m)[5], V (&y)[4]) {
    y[0] = m[0] + m[2], y[1] = m[1], y[2] = m[2] - m[4], y[3] = m[3];
  }
};

// A filter of 1, where nothing can be saved: the product of a matrix of pixels.
struct Pointwise {
  static constexpr ck_kernel kernel_name = ck_kernel_pointwise_products;
  static constexpr int taps = 1, inputs = 1, outputs = 1, positions = 1;
  static constexpr int step = 1, before = 0;

  static constexpr int lone_positions = positions;

  template <typename V>
  CT_INLINED static void copy(const V (&x)[1], V (&y)[1]) {
    y[0] = x[0];
  }
  template <typename V>
  CT_INLINED static void input(const V (&d)[1], V (&m)[1]) {
    copy(d, m);
  }
  template <typename V>
  CT_INLINED static void filter(const V (&g)[1], V (&m)[1]) {
    copy(g, m);
  }
  template <typename V>
  CT_INLINED static void output(const V (&m)[1], V (&y)[1]) {
    copy(m, y);
  }
  template <typename V>
  CT_INLINED static void output_gradient(const V (&dy)[1], V (&m)[1]) {
    copy(dy, m);
  }
  template <typename V>
  CT_INLINED static void filter_gradient(const V (&m)[1], V (&dg)[1]) {
    copy(m, dg);
  }
};

}  // namespace ck

CK_END_TARGET
