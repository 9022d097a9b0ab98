// A convolution by tiles, a block of them at a time: input transform, products, output transform.
#pragma once

#include <algorithm>
#include <vector>

#include "algorithms.h"
#include "blocks.h"
#include "filter_transform.h"
#include "input_transform.h"
#include "output_transform.h"
#include "products.h"
#include "scratch.h"

CK_BEGIN_TARGET

namespace ck {

constexpr int64_t products_bytes = 256 << 10;  // of a group of panels, in the second cache

// Length of the sums over the depth: as much of both operands as fits into the first cache, and less for
// F4x3, because sums of short sums round less.
template <typename A, typename T>
constexpr int64_t part_of_depth = std::is_same_v<A, F4x3> ? 32 : 512 / sizeof(T);

// Number of tiles whose transforms take no more than `P::block_bytes`.
template <typename P, typename A, typename T>
int64_t tiles_in_block(int64_t depth) {
  const int64_t fitting = P::block_bytes / (positions<A> * depth * int64_t(sizeof(T)));
  return std::clamp<int64_t>(fitting / P::most_rows * P::most_rows, P::most_rows,
                             most_tiles / P::most_rows * P::most_rows);
}

// A transformed filter as products read it, one panel of columns after the other:
// [groups of panels, positions, panels, depth, columns of the panel].
template <typename P, typename A, typename T>
class TransformedFilter {
 public:
  template <typename S>
  TransformedFilter(const S *w, const FilterOperand &operand, int64_t depth, int64_t columns,
                    int64_t group)
      : depth_(depth), columns_(columns), group_(group),
        memory_(positions<A> * (depth * columns + padding<T> * ((columns + group - 1) / group))) {
    parallel_ranges(columns / lanes<P, T> * depth, 16, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t column = i / depth * lanes<P, T>, row = i % depth;
        const int64_t first = column / panel<P, T> * panel<P, T>;
        T *target = start(0, first) + row * panel_width(first) + (column - first);
        transform_filter<P, A>(w, operand, column, row, target,
                               position_stride(column / group * group));
      }
    });
  }

  // Width of the group, or of the panel, that starts at `column`.
  int64_t group_width(int64_t column) const { return std::min(group_, columns_ - column); }
  int64_t panel_width(int64_t column) const { return std::min(panel<P, T>, columns_ - column); }

  // Where a position of the panel that starts at `column` begins.
  T *start(int64_t position, int64_t column) {
    const int64_t group = column / group_ * group_;
    return memory_.start() + positions<A> * (depth_ * group + padding<T> * (column / group_)) +
           position * position_stride(group) + depth_ * (column - group);
  }

 private:
  // Distance between positions in the group that starts at `column`.
  int64_t position_stride(int64_t column) const {
    return depth_ * group_width(column) + padding<T>;
  }

  const int64_t depth_, columns_, group_;
  Scratch<T> memory_;
};

// A convolution, a block of tiles at a time. A block lies in the second or third cache, as
// `P::block_bytes` says. It is multiplied by a group of panels, position by position: the
// block's part of a position and the group's products stay in the second one.
template <typename P, typename A, typename S>
class BlockedConvolution {
  using T = Arithmetic<S>;

 public:
  BlockedConvolution(const S *x, const Pictures &inputs, const S *w, const FilterOperand &operand,
                     S *y, const Pictures &results)
      : x_(x, inputs), y_(y), results_(results), depth_(inputs.channels),
        most_(tiles_in_block<P, A, T>(depth_)), group_(columns_in_group()),
        row_stride_(depth_ + padding<T>), input_stride_(most_ * row_stride_ + padding<T>),
        product_stride_(most_ * group_ + padding<T>),
        slots_(task_slots(Tiling<A>::whole(results).count())),
        filter_(w, operand, depth_, results.channels, group_), scratch_(slots_ * slot_size()) {}

  void run() {
    count_run(A::kernel_name);
    count_run(P::vectors);
    std::vector<Tiling<A>> tilings;
    Blocks blocks(most_, slots_);
    for (const Span &down : spans<A>(results_.height)) {
      for (const Span &across : spans<A>(results_.width)) {
        tilings.push_back({results_.count, down, across});
        blocks.add(tilings.back().count());
      }
    }
    blocks.for_each([&](size_t part, int64_t first, int64_t count, int64_t slot) {
      convolve(tilings[part], first, count, slot);
    });
  }

 private:
  int64_t columns_in_group() const {
    const int64_t panel_bytes = positions<A> * most_ * panel<P, T> * int64_t(sizeof(T));
    return std::max<int64_t>(1, products_bytes / panel_bytes) * panel<P, T>;
  }

  int64_t slot_size() const { return positions<A> * (input_stride_ + product_stride_); }

  // Convolves a block of `count` tiles that starts at `first`.
  void convolve(const Tiling<A> &tiling, int64_t first, int64_t count, int64_t slot) {
    T *const tiles = scratch_.start() + slot * slot_size();
    T *const products = tiles + positions<A> * input_stride_;
    Tile<A> tile(tiling, first);
    for (int64_t t = 0; t < count; ++t, tile.advance()) {
      transform_input<P, A>(x_, tile, depth_, tiles + t * row_stride_, input_stride_);
    }
    for (int64_t column = 0; column < results_.channels; column += group_) {
      multiply(tiling, tiles, count, column, products);
      if (tiling.has_all_positions()) {
        transform<true>(tiling, products, first, count, column);
      } else {
        transform<false>(tiling, products, first, count, column);
      }
    }
  }

  // Products of a block with a group of panels: [positions, panels, tiles, columns of the panel].
  void multiply(const Tiling<A> &tiling, const T *tiles, int64_t count, int64_t group,
                T *products) {
    for (int p = 0; p < positions<A>; ++p) {
      if (!tiling.has_position(p / A::positions, p % A::positions)) continue;
      for (int64_t c = 0; c < filter_.group_width(group); c += panel<P, T>) {
        const int64_t width = filter_.panel_width(group + c);
        multiply_deep<P, T>(count, width, part_of_depth<A, T>,
                            {tiles + p * input_stride_, row_stride_, 1, filter_.start(p, group + c),
                             width, depth_, products + p * product_stride_ + c * most_, width});
      }
    }
  }

  // Transforms the products of a block with a group into results.
  template <bool All>
  void transform(const Tiling<A> &tiling, const T *products, int64_t first, int64_t count,
                 int64_t group) {
    for (int64_t c = 0; c < filter_.group_width(group); c += panel<P, T>) {
      const int64_t width = filter_.panel_width(group + c);
      const T *source = products + c * most_;
      Tile<A> tile(tiling, first);
      for (int64_t t = 0; t < count; ++t, tile.advance()) {
        for (int64_t lane = 0; lane < width; lane += lanes<P, T>) {
          transform_output<P, A, All>(tiling, source + t * width + lane, product_stride_, y_,
                                      results_, tile, group + c + lane);
        }
      }
    }
  }

  const PaddedInput<S> x_;
  S *const y_;
  const Pictures &results_;
  const int64_t depth_, most_, group_;  // inputs, tiles in a block, columns in a group
  const int64_t row_stride_, input_stride_, product_stride_, slots_;
  TransformedFilter<P, A, T> filter_;
  Scratch<T> scratch_;
};

template <typename P, typename A, typename S>
void convolve_by(const S *x, const Pictures &inputs, const S *w, const FilterOperand &operand, S *y,
                 const Pictures &results) {
  BlockedConvolution<P, A, S>(x, inputs, w, operand, y, results).run();
}

}  // namespace ck

CK_END_TARGET
