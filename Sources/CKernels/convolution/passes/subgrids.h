// What a convolution's outputs are cut into where it is computed by its definition: subgrids whose results
// all meet the same taps.
//
// Bookkeeping, compiled for any processor: passes inline it.
#pragma once

#include <vector>

#include "padded_input.h"

namespace ck {

// A tap of a filter, and where the value that it meets lies, relative to the first one of a result.
struct Tap {
  int index;
  int64_t row, column;
};

// Results of each picture that meet the same taps: `step` apart, while the values that they meet are
// `value_step` apart.
struct OutputSubgrid {
  int64_t images, rows, columns;
  int64_t first_row, first_column, step, value_step;
  std::vector<Tap> taps;

  int64_t count() const { return images * rows * columns; }
};

// All results of a kind but that of stride 1, which is Winograd's.
inline std::vector<OutputSubgrid> output_subgrids(ConvolutionKind kind, const Pictures &results) {
  // Of one axis: a tap, and where the value that it meets lies.
  struct AxisTap {
    int tap;
    int64_t offset;
  };
  using AxisTaps = std::vector<AxisTap>;
  const auto subgrid = [&](int64_t row, int64_t column, int64_t step, int64_t value_step,
                           const AxisTaps &down, const AxisTaps &across) {
    const int side = kind == ConvolutionKind::pointwise ? 1 : 3;
    OutputSubgrid made{results.count,
                       (results.height - row + step - 1) / step,
                       (results.width - column + step - 1) / step,
                       row,
                       column,
                       step,
                       value_step,
                       {}};
    for (const AxisTap &r : down) {
      for (const AxisTap &c : across)
        made.taps.push_back({r.tap * side + c.tap, r.offset, c.offset});
    }
    return made;
  };
  const AxisTaps one{{0, 0}}, all{{0, 0}, {1, 1}, {2, 2}}, even{{0, 0}, {2, -1}}, odd{{1, 0}};
  switch (kind) {
    case ConvolutionKind::stride_2: return {subgrid(0, 0, 1, 2, all, all)};
    case ConvolutionKind::transposed:
      return {subgrid(0, 0, 2, 1, even, even), subgrid(0, 1, 2, 1, even, odd),
              subgrid(1, 0, 2, 1, odd, even), subgrid(1, 1, 2, 1, odd, odd)};
    case ConvolutionKind::pointwise: return {subgrid(0, 0, 1, 1, one, one)};
    case ConvolutionKind::stride_1: break;
  }
  return {};
}

// An iterator over the results of a subgrid.
class OutputIndex {
 public:
  OutputIndex(const OutputSubgrid &subgrid, int64_t index)
      : subgrid_(subgrid), image_(index / (subgrid.rows * subgrid.columns)),
        row_(index / subgrid.columns % subgrid.rows), column_(index % subgrid.columns) {}

  void advance() {
    if (++column_ < subgrid_.columns) return;
    column_ = 0;
    if (++row_ < subgrid_.rows) return;
    row_ = 0;
    ++image_;
  }

  // The result's pixel in `Pictures` or `PaddedInput` ones, and that of the value under a tap.
  template <typename Results>
  auto result(const Results &results) const {
    return results.pixel(image_, subgrid_.first_row + row_ * subgrid_.step,
                         subgrid_.first_column + column_ * subgrid_.step);
  }
  template <typename S>
  const S *value(const PaddedInput<S> &x, const Tap &tap) const {
    return x.pixel(image_, row_ * subgrid_.value_step + tap.row,
                   column_ * subgrid_.value_step + tap.column);
  }

 private:
  const OutputSubgrid &subgrid_;
  int64_t image_, row_, column_;
};

}  // namespace ck
