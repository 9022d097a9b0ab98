// A convolution of bfloat16 by its definition, for processors that multiply pairs of bfloat16 and add both
// products to a float: twice as many as products of floats.
//
//   y[result, o] = sum over taps and inputs of x[value under the tap, i] * w[o, i, tap]
//
// Values are copied to where products want them, two channels side by side. Winograd's algorithms would
// have to round the sums of values that they multiply.
#pragma once

#include <algorithm>
#include <cstring>
#include <vector>

#include "blocks.h"
#include "products.h"
#include "scratch.h"
#include "subgrids.h"

CK_BEGIN_TARGET

namespace ck {

constexpr int64_t paired_depth = 128;  // pairs in one sum

// A filter as products read it: of each subgrid [panels, taps, pairs of the depth, columns of the
// panel].
template <typename P>
class PairedFilter {
 public:
  template <typename S>
  PairedFilter(const S *w, const FilterOperand &operand, const std::vector<OutputSubgrid> &subgrids,
               int64_t depth, int64_t columns)
      : columns_(columns), memory_(taps(subgrids) * depth / 2 * columns) {
    const int64_t pairs = depth / 2;
    int64_t first = 0;
    for (const OutputSubgrid &subgrid : subgrids) {
      first_.push_back(first);
      depth_.push_back(int64_t(subgrid.taps.size()) * pairs);
      first += depth_.back() * columns;
    }
    parallel_ranges(columns / lanes<P, Pair> * pairs, 16, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t column = i / pairs * lanes<P, Pair>, pair = i % pairs;
        const int64_t panel_first = column / panel<P, Pair> * panel<P, Pair>;
        const int64_t width = panel_width(panel_first);
        const S *source = w + column * operand.column_stride + 2 * pair * operand.depth_stride;
        for (size_t l = 0; l < subgrids.size(); ++l) {
          Pair *target = start(l, panel_first) + pair * width + (column - panel_first);
          for (const Tap &tap : subgrids[l].taps) {
            put<P>(target, gathered(source + tap.index, operand));
            target += pairs * width;
          }
        }
      }
    });
  }

  // Number of pairs in a sum.
  int64_t depth(size_t subgrid) const { return depth_[subgrid]; }
  int64_t greatest_depth() const { return *std::max_element(depth_.begin(), depth_.end()); }

  // Width and place of the panel that starts at `column`.
  int64_t panel_width(int64_t column) const { return std::min(panel<P, Pair>, columns_ - column); }
  Pair *start(size_t subgrid, int64_t column) {
    return memory_.start() + first_[subgrid] + column * depth_[subgrid];
  }

 private:
  static int64_t taps(const std::vector<OutputSubgrid> &subgrids) {
    size_t count = 0;
    for (const OutputSubgrid &subgrid : subgrids) count += subgrid.taps.size();
    return int64_t(count);
  }

  // One tap of a vector of columns, at two depths.
  template <typename S>
  static Vector<P, Pair> gathered(const S *source, const FilterOperand &operand) {
    Vector<P, Pair> pairs;
    for (int64_t lane = 0; lane < lanes<P, Pair>; ++lane) {
      const S *column = source + lane * operand.column_stride;
      pairs[lane] = column[0].x | Pair(column[operand.depth_stride].x) << 16;
    }
    return pairs;
  }

  const int64_t columns_;
  std::vector<int64_t> first_, depth_;  // of each subgrid
  Scratch<Pair> memory_;
};

// A convolution, a block of results at a time: the values that they meet, a row for each result, are
// multiplied by one panel of the filter after the other.
template <typename P, typename S>
class PairedConvolution {
 public:
  PairedConvolution(ConvolutionKind kind, const S *x, const Pictures &inputs, const S *w,
                    const FilterOperand &operand, S *y, const Pictures &results)
      : subgrids_(output_subgrids(kind, results)), x_(x, inputs), y_(y), results_(results),
        depth_(inputs.channels), filter_(w, operand, subgrids_, depth_, results.channels),
        slots_(task_slots(results.count * results.height * results.width)),
        values_size_(most_results * (filter_.greatest_depth() + padding<Pair>)),
        values_(slots_ * values_size_), sums_(slots_ * sums_size) {}

  void run() {
    count_run(ck_kernel_paired_products);
    count_run(P::vectors);
    Blocks blocks(most_results, slots_);
    for (const OutputSubgrid &subgrid : subgrids_) blocks.add(subgrid.count());
    blocks.for_each([&](size_t subgrid, int64_t first, int64_t count, int64_t slot) {
      convolve(subgrid, first, count, slot);
    });
  }

 private:
  // In a block.
  static constexpr int64_t most_results = 3 * P::most_rows;
  static constexpr int64_t sums_size = most_results * panel<P, Pair>;

  // Computes `count` results of a subgrid, starting at `first`.
  void convolve(size_t l, int64_t first, int64_t count, int64_t slot) {
    const OutputSubgrid &subgrid = subgrids_[l];
    Pair *const values = values_.start() + slot * values_size_;
    float *const sums = sums_.start() + slot * sums_size;
    const int64_t row_stride = filter_.depth(l) + padding<Pair>;
    OutputIndex place(subgrid, first);
    for (int64_t r = 0; r < count; ++r, place.advance()) {
      Pair *row = values + r * row_stride;
      for (const Tap &tap : subgrid.taps) {
        std::memcpy(row, place.value(x_, tap), depth_ * sizeof(S));
        row += depth_ / 2;
      }
    }
    for (int64_t column = 0; column < results_.channels; column += panel<P, Pair>) {
      const int64_t width = filter_.panel_width(column);
      multiply_deep<P, Pair>(
          count, width, paired_depth,
          {values, row_stride, 1, filter_.start(l, column), width, filter_.depth(l), sums, width});
      OutputIndex target(subgrid, first);
      for (int64_t r = 0; r < count; ++r, target.advance()) {
        S *const pixel = y_ + target.result(results_) + column;
        for (int64_t lane = 0; lane < width; lane += lanes<P, float>) {
          put<P>(pixel + lane, load<P>(sums + r * width + lane));
        }
      }
    }
  }

  const std::vector<OutputSubgrid> subgrids_;
  const PaddedInput<S> x_;
  S *const y_;
  const Pictures &results_;
  const int64_t depth_;
  PairedFilter<P> filter_;
  const int64_t slots_, values_size_;
  Scratch<Pair> values_;
  Scratch<float> sums_;
};

template <typename P, typename S>
void convolve_in_pairs(ConvolutionKind kind, const S *x, const Pictures &inputs, const S *w,
                       const FilterOperand &operand, S *y, const Pictures &results) {
  PairedConvolution<P, S>(kind, x, inputs, w, operand, y, results).run();
}

}  // namespace ck

CK_END_TARGET
