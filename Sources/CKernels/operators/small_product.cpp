// out_mn = Σ_k a_mk b_kn for matrices of styles and of the layers that make them, [16, 128] by [128, 64] and
// the like: a library that plans, packs and wakes its threads for each takes several times as long as
// the sums do.
//
// Two forms cover a layer's three products, x Wᵀ, g W and gᵀ x: b's rows lie in one piece, or both a's
// rows and b's columns do.

#include "small_product.h"

#include <ATen/core/grad_mode.h>

#include "../elements.h"

namespace ck {

namespace {

constexpr int64_t most_products = 1 << 20;
constexpr int64_t block_rows = 4, block_columns = 16;

template <typename T>
struct Operands {
  const T *a;
  int64_t a_row, a_column;
  const T *b;
  int64_t b_row, b_column;
  T *out;  // dense
  int64_t rows, columns, depth;
};

// A block of `Rows` rows of out, as sums of rows of b. A whole one has `block_columns` columns.
template <int64_t Rows, bool Whole, typename T>
CT_INLINED void sum_rows_of_block(const Operands<T> &all, int64_t row, int64_t column) {
  const T *a = all.a + row * all.a_row, *b = all.b + column;
  const int64_t columns = Whole ? block_columns : all.columns - column;
  T sums[Rows][block_columns] = {};
  for (int64_t k = 0; k < all.depth; ++k) {
    for (int64_t r = 0; r < Rows; ++r) {
      const T factor = a[r * all.a_row + k * all.a_column];
      for (int64_t c = 0; c < columns; ++c) sums[r][c] += factor * b[k * all.b_row + c];
    }
  }
  for (int64_t r = 0; r < Rows; ++r) {
    for (int64_t c = 0; c < columns; ++c) all.out[(row + r) * all.columns + column + c] = sums[r][c];
  }
}

template <bool Whole, typename T>
CT_INLINED void sum_rows_of_columns(const Operands<T> &all, int64_t column) {
  int64_t row = 0;
  for (; row + block_rows <= all.rows; row += block_rows) {
    sum_rows_of_block<block_rows, Whole>(all, row, column);
  }
  for (; row < all.rows; ++row) sum_rows_of_block<1, Whole>(all, row, column);
}

template <typename T>
CT_INLINED void sum_rows(const Operands<T> *operands) {
  const Operands<T> &all = *operands;
  int64_t column = 0;
  for (; column + block_columns <= all.columns; column += block_columns) {
    sum_rows_of_columns<true>(all, column);
  }
  if (column < all.columns) sum_rows_of_columns<false>(all, column);
}

// `Rows` by `Columns` elements of out, as inner products, summed in the order that vectors want.
template <int64_t Rows, int64_t Columns, typename T>
CT_INLINED void multiply_rows_of_block(const Operands<T> &all, int64_t row, int64_t column) {
#pragma clang fp reassociate(on)
  const T *__restrict a = all.a + row * all.a_row, *__restrict b = all.b + column * all.b_column;
  T sums[Rows][Columns] = {};
  for (int64_t k = 0; k < all.depth; ++k) {
    for (int64_t r = 0; r < Rows; ++r) {
      for (int64_t c = 0; c < Columns; ++c) {
        sums[r][c] += a[r * all.a_row + k] * b[c * all.b_column + k];
      }
    }
  }
  for (int64_t r = 0; r < Rows; ++r) {
    for (int64_t c = 0; c < Columns; ++c) all.out[(row + r) * all.columns + column + c] = sums[r][c];
  }
}

template <typename T>
CT_INLINED void multiply_rows(const Operands<T> *operands) {
  const Operands<T> &all = *operands;
  int64_t row = 0;
  for (; row + 2 <= all.rows; row += 2) {
    int64_t column = 0;
    for (; column + 4 <= all.columns; column += 4) multiply_rows_of_block<2, 4>(all, row, column);
    for (; column < all.columns; ++column) multiply_rows_of_block<2, 1>(all, row, column);
  }
  for (; row < all.rows; ++row) {
    for (int64_t column = 0; column < all.columns; ++column) {
      multiply_rows_of_block<1, 1>(all, row, column);
    }
  }
}

bool is_small(const at::Tensor &a, const at::Tensor &b) {
  const bool is_recorded = at::GradMode::is_enabled() && (a.requires_grad() || b.requires_grad());
  return !is_recorded && has_unrounded_type(a) && b.is_cpu() &&
         a.scalar_type() == b.scalar_type() && a.dim() == 2 && b.dim() == 2 &&
         a.size(1) == b.size(0) &&
         a.size(0) * a.size(1) * b.size(1) <= most_products;
}

}  // namespace

at::Tensor small_product(const at::Tensor &a, const at::Tensor &b) {
  const bool has_rows = is_small(a, b) && b.stride(1) == 1;
  const bool has_columns = is_small(a, b) && a.stride(1) == 1 && b.stride(0) == 1;
  if (!has_rows && !has_columns) return a.mm(b);
  count_run(ck_kernel_small_product);
  at::Tensor out = at::empty({a.size(0), b.size(1)}, a.options());
  AT_DISPATCH_FLOATING_TYPES(a.scalar_type(), "small_product", [&] {
    const Operands<scalar_t> all{a.const_data_ptr<scalar_t>(), a.stride(0), a.stride(1),
                                 b.const_data_ptr<scalar_t>(), b.stride(0), b.stride(1),
                                 out.mutable_data_ptr<scalar_t>(), a.size(0), b.size(1), a.size(1)};
    has_rows ? vectorised<sum_rows<scalar_t>>(&all) : vectorised<multiply_rows<scalar_t>>(&all);
  });
  return out;
}

}  // namespace ck
