// Convolutions of one row by fewer multiplications than their definition takes (Winograd; Lavin and
// Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016). Each algorithm makes
// `outputs` results from `inputs` values d and a kernel g:
//
//   y = A' [(G g) . (B' d)]        dg = G' [(A dy) . (B' d)]
//
// with one product for each of its `positions`. Nested, an algorithm makes a square of results from a
// square of values. All factors are halves and ones, so that rounding errors are those of the
// definition.
//
// Included by winograd_passes.h alone: compiled anew for each processor.
#pragma once

// F(2, 3): a kernel of 3, stride 1, padding 1. Of 6 multiplications 4 are left, of 36 in a square 16.
struct SameSize {
  static constexpr int taps = 3, inputs = 4, outputs = 2, positions = 4;
  // Of the next square, and how far it begins before its results.
  static constexpr int step = 2, before = 1;

  template <typename V>
  CT_INLINED static void input(const V (&d)[4], V (&m)[4]) {
    m[0] = d[0] - d[2], m[1] = d[1] + d[2], m[2] = d[2] - d[1], m[3] = d[1] - d[3];
  }
  template <typename V>
  CT_INLINED static void kernel(const V (&g)[3], V (&m)[4]) {
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
  CT_INLINED static void kernel_gradient(const V (&m)[4], V (&dg)[3]) {
    const V sum = half(m[1] + m[2]);
    dg[0] = m[0] + sum, dg[1] = half(m[1] - m[2]), dg[2] = sum + m[3];
  }

 private:
  template <typename V>
  CT_INLINED static V half(const V &x) {
    return x / 2;
  }
};

// A kernel of 3 with stride 2, from 2n + 1 values to n. The even values meet g0 and g2, which is
// F(2, 2) with 3 multiplications instead of 4; the odd ones meet g1. Of 36 in a square 25 are left.
struct HalfSize {
  static constexpr int taps = 3, inputs = 5, outputs = 2, positions = 5;
  static constexpr int step = 4, before = 0;

  template <typename V>
  CT_INLINED static void input(const V (&d)[5], V (&m)[5]) {
    m[0] = d[0] - d[2], m[1] = d[1], m[2] = d[2], m[3] = d[3], m[4] = d[2] - d[4];
  }
  template <typename V>
  CT_INLINED static void kernel(const V (&g)[3], V (&m)[5]) {
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
  CT_INLINED static void kernel_gradient(const V (&m)[5], V (&dg)[3]) {
    dg[0] = m[0] + m[2], dg[1] = m[1] + m[3], dg[2] = m[2] + m[4];
  }
};

// The transpose of HalfSize, from n values to 2n + 1, of which it makes 4 from 3 at a time. Its kernels
// are differentiated as those of HalfSize, from pictures in exchanged parts.
struct DoubleSize {
  static constexpr int taps = 3, inputs = 3, outputs = 4, positions = 5;
  static constexpr int step = 2, before = 1;

  template <typename V>
  CT_INLINED static void input(const V (&d)[3], V (&m)[5]) {
    m[0] = d[0] - d[1], m[1] = d[1], m[2] = d[1], m[3] = d[2], m[4] = d[1] - d[2];
  }
  template <typename V>
  CT_INLINED static void kernel(const V (&g)[3], V (&m)[5]) {
    m[0] = g[2], m[1] = g[1], m[2] = g[0] + g[2], m[3] = g[1], m[4] = g[0];
  }
  template <typename V>
  CT_INLINED static void output(const V (&m)[5], V (&y)[4]) {
    y[0] = m[0] + m[2], y[1] = m[1], y[2] = m[2] - m[4], y[3] = m[3];
  }
};

// A kernel of 1, which nothing can be saved of: the product of a matrix of pixels.
struct Pointwise {
  static constexpr int taps = 1, inputs = 1, outputs = 1, positions = 1;
  static constexpr int step = 1, before = 0;

  template <typename V>
  CT_INLINED static void copy(const V (&x)[1], V (&y)[1]) {
    y[0] = x[0];
  }
  template <typename V>
  CT_INLINED static void input(const V (&d)[1], V (&m)[1]) {
    copy(d, m);
  }
  template <typename V>
  CT_INLINED static void kernel(const V (&g)[1], V (&m)[1]) {
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
  CT_INLINED static void kernel_gradient(const V (&m)[1], V (&dg)[1]) {
    copy(m, dg);
  }
};
