// The gradient by the filter of a convolution by tiles.
#pragma once

#include <algorithm>
#include <utility>

#include "algorithms.h"
#include "filter_sums.h"
#include "filter_transform.h"
#include "input_transform.h"
#include "products.h"
#include "scratch.h"

CK_BEGIN_TARGET

namespace ck {

// The gradient by the filter, one row of positions of one block of both channels at a time: of up to
// 64 channels, its sums and the tiles that are added to them stay in a second cache of 512 KiB.
template <typename P, typename A, typename S>
class FilterGradient {
  using T = Arithmetic<S>;

 public:
  FilterGradient(const S *dy, const Pictures &outputs, const S *x, const Pictures &inputs)
      : dy_(dy, outputs), x_(x, inputs), tiling_(Tiling<A>::whole(outputs)),
        sums_(inputs.channels, outputs.channels, positions<A>, A::positions, tiling_.count()),
        input_row_(std::min(block_channels, sums_.inputs) + padding<T>),
        gradient_row_(std::min(block_channels, sums_.outputs) + padding<T>), parts_(sums_.size()) {}

  void run(S *dw, const FilterGradientLayout &layout) {
    count_run(A::kernel_name);
    count_run(P::vectors);
    const int64_t count = sums_.pieces * sums_.input_blocks * sums_.output_blocks * A::positions;
    const int64_t slots = task_slots(count);
    const int64_t slot_size = A::positions * most_tiles * (input_row_ + gradient_row_);
    Scratch<T> scratch(slots * slot_size);
    parallel_tasks(count, slots, [&](Tasks &tasks, int64_t slot) {
      T *const tiles = scratch.start() + slot * slot_size;
      for (int64_t task; tasks.take(task);) {
        add_up(task, tiles, std::make_integer_sequence<int, A::positions>());
      }
    });
    parallel_ranges(
        sums_.outputs / lanes<P, T> * sums_.inputs, 16, [&](int64_t begin, int64_t end) {
          for (int64_t i = begin; i < end; ++i) {
            const int64_t output = i / sums_.inputs * lanes<P, T>, input = i % sums_.inputs;
            transform_filter_sums<P, A>(parts_.start(), sums_, input, output, dw, layout);
          }
        });
  }

 private:
  // Dispatches a task to the instantiation for its row, so that the row is a compile-time constant.
  template <int... Rows>
  void add_up(int64_t task, T *tiles, std::integer_sequence<int, Rows...>) {
    const int row = task % A::positions;
    ((row == Rows ? add_up_row<Rows>(task / A::positions, tiles) : void()), ...);
  }

  // The sums of one row over a piece of the tiles, of one block of inputs and outputs.
  template <int Row>
  void add_up_row(int64_t task, T *values) {
    const int64_t blocks = sums_.input_blocks * sums_.output_blocks, piece = task / blocks;
    const int64_t input = task % blocks / sums_.output_blocks * block_channels;
    const int64_t output = task % sums_.output_blocks * block_channels;
    const int64_t height = sums_.height(input), width = sums_.width(output);
    const int64_t begin = tiling_.count() * piece / sums_.pieces;
    const int64_t end = tiling_.count() * (piece + 1) / sums_.pieces;
    const int64_t input_stride = most_tiles * input_row_;
    const int64_t gradient_stride = most_tiles * gradient_row_;
    T *const gradients = values + A::positions * input_stride;
    const int64_t position_stride = sums_.position_stride(input, output);
    T *const result = parts_.start() + piece * sums_.piece_size() + sums_.offset(input, output) +
                      Row * A::positions * position_stride;
    for (int64_t first = begin; first < end; first += most_tiles) {
      const int64_t count = std::min(most_tiles, end - first);
      Tile<A> tile(tiling_, first);
      for (int64_t t = 0; t < count; ++t, tile.advance()) {
        with_square<P, A::inputs>(
            x_, tile.image(), tile.input_row(),
            tile.input_column(), [&](const auto &square) __attribute__((always_inline)) {
              transform_row<P, Row, A::positions, A::inputs>(
                  square, input, height, values + t * input_row_, input_stride,
                  [](const auto &d, auto &m) __attribute__((always_inline)) { A::input(d, m); });
            });
        with_square<P, A::outputs>(
            dy_, tile.image(), tile.row(),
            tile.column(), [&](const auto &square) __attribute__((always_inline)) {
              transform_row<P, Row, A::positions, A::outputs>(
                  square, output, width, gradients + t * gradient_row_, gradient_stride,
                  [](const auto &d, auto &m)
                      __attribute__((always_inline)) { A::output_gradient(d, m); });
            });
      }
      for (int p = 0; p < A::positions; ++p) {
        for (int64_t column = 0; column < width; column += panel<P, T>) {
          const int64_t columns = std::min(panel<P, T>, width - column);
          const Product<T> product{values + p * input_stride,
                                   1,
                                   input_row_,
                                   gradients + p * gradient_stride + column,
                                   gradient_row_,
                                   count,
                                   result + p * position_stride + column,
                                   width};
          if (first == begin) {
            multiply_panel<P, T, false, Ahead::sums>(height, columns, product);
          } else {
            multiply_panel<P, T, true, Ahead::sums>(height, columns, product);
          }
        }
      }
    }
  }

  const PaddedInput<S> dy_, x_;
  const Tiling<A> tiling_;
  const FilterSums<T> sums_;
  const int64_t input_row_, gradient_row_;
  Scratch<T> parts_;
};

template <typename P, typename A, typename S>
void differentiate_filter_by(const S *dy, const Pictures &outputs, const S *x,
                             const Pictures &inputs, S *dw, const FilterGradientLayout &layout) {
  FilterGradient<P, A, S>(dy, outputs, x, inputs).run(dw, layout);
}

}  // namespace ck

CK_END_TARGET
