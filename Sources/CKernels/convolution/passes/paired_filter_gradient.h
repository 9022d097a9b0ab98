// The gradient by the filter of bfloat16 by its definition, for processors that multiply pairs:
//
//   dw[o, i, tap] = sum over results of x[value under the tap, i] * dy[result, o]
#pragma once

#include <algorithm>
#include <cstring>

#include "filter_sums.h"
#include "products.h"
#include "scratch.h"
#include "subgrids.h"

CK_BEGIN_TARGET

namespace ck {

constexpr int64_t paired_steps = 64;  // pairs of results that are taken at a time

// The gradient by the filter, of a row of taps of one block of inputs and of outputs at a time. Of
// two results that follow one another, both values and both incoming derivatives make a pair.
template <typename P, typename S>
class PairedFilterGradient {
 public:
  PairedFilterGradient(ConvolutionKind kind, const S *dy, const Pictures &outputs, const S *x,
                       const Pictures &inputs)
      : subgrid_(output_subgrids(kind, outputs).front()), dy_(dy, outputs), x_(x, inputs),
        row_(kind == ConvolutionKind::pointwise ? 1 : 3),
        rows_(int64_t(subgrid_.taps.size()) / row_),
        sums_(inputs.channels, outputs.channels, row_ * rows_, rows_, subgrid_.count()),
        value_stride_(row_ * std::min(block_channels, inputs.channels) + padding<Pair>),
        gradient_stride_(std::min(block_channels, outputs.channels) + padding<Pair>),
        parts_(sums_.size()) {}

  void run(S *dw, const FilterGradientLayout &layout) {
    count_run(ck_kernel_paired_products);
    count_run(P::vectors);
    const int64_t count = sums_.pieces * sums_.input_blocks * sums_.output_blocks * rows_;
    const int64_t slots = task_slots(count);
    const int64_t slot_size = paired_steps * (value_stride_ + gradient_stride_);
    Scratch<Pair> scratch(slots * slot_size);
    parallel_tasks(count, slots, [&](Tasks &tasks, int64_t slot) {
      for (int64_t task; tasks.take(task);) add_up(task, scratch.start() + slot * slot_size);
    });
    parallel_ranges(sums_.outputs / lanes<P, float> * sums_.inputs, 16,
                    [&](int64_t begin, int64_t end) {
                      for (int64_t i = begin; i < end; ++i) {
                        const int64_t output = i / sums_.inputs * lanes<P, float>;
                        store_sums(i % sums_.inputs, output, dw, layout);
                      }
                    });
  }

 private:
  // The sums of one row of taps over a piece of the results, of one block of inputs and outputs.
  void add_up(int64_t task, Pair *values) {
    const int64_t tap = task % rows_ * row_, blocks = sums_.input_blocks * sums_.output_blocks;
    const int64_t block = task / rows_ % blocks, piece = task / rows_ / blocks;
    const int64_t input = block / sums_.output_blocks * block_channels;
    const int64_t output = block % sums_.output_blocks * block_channels;
    const int64_t height = sums_.height(input), width = sums_.width(output);
    const int64_t position_stride = sums_.position_stride(input, output);
    float *const result = parts_.start() + piece * sums_.piece_size() +
                          sums_.offset(input, output) + tap * position_stride;
    Pair *const gradients = values + paired_steps * value_stride_;
    const int64_t begin = subgrid_.count() * piece / sums_.pieces;
    const int64_t end = subgrid_.count() * (piece + 1) / sums_.pieces;
    for (int64_t first = begin; first < end; first += 2 * paired_steps) {
      const int64_t count = std::min(2 * paired_steps, end - first), steps = (count + 1) / 2;
      OutputIndex index(subgrid_, first);
      for (int64_t step = 0; step < steps; ++step) {
        const OutputIndex former = index;
        index.advance();
        const bool has_latter = 2 * step + 1 < count;
        for (int64_t t = 0; t < row_; ++t) {
          const Tap &met = subgrid_.taps[tap + t];
          pair_up(former.value(x_, met) + input,
                  has_latter ? index.value(x_, met) + input : x_.zeros(), height,
                  values + step * value_stride_ + t * height);
        }
        pair_up(former.result(dy_) + output, has_latter ? index.result(dy_) + output : dy_.zeros(),
                width, gradients + step * gradient_stride_);
        index.advance();
      }
      for (int64_t t = 0; t < row_; ++t) {
        for (int64_t column = 0; column < width; column += panel<P, Pair>) {
          const int64_t columns = std::min(panel<P, Pair>, width - column);
          const Product<Pair> product{values + t * height,
                                      1,
                                      value_stride_,
                                      gradients + column,
                                      gradient_stride_,
                                      steps,
                                      result + t * position_stride + column,
                                      width};
          if (first == begin) {
            multiply_panel<P, Pair, false, Ahead::sums>(height, columns, product);
          } else {
            multiply_panel<P, Pair, true, Ahead::sums>(height, columns, product);
          }
        }
      }
    }
  }

  // Channels of two pixels side by side.
  CT_INLINED static void pair_up(const S *former, const S *latter, int64_t channels, Pair *pairs) {
    for (int64_t c = 0; c < channels; c += lanes<P, Pair>) {
      Halves<P> low, high;
      std::memcpy(&low, former + c, sizeof low);
      std::memcpy(&high, latter + c, sizeof high);
      put<P>(pairs + c, __builtin_convertvector(low, Vector<P, Pair>) |
                            __builtin_convertvector(high, Vector<P, Pair>) << 16);
    }
  }

  // The sum of all pieces, of one input and a vector of outputs, into dw.
  void store_sums(int64_t input, int64_t output, S *dw, const FilterGradientLayout &layout) {
    S *const target = dw + output * layout.output_stride + input * layout.input_stride;
    const float *source = parts_.start() + sums_.offset(input, output) +
                          (input - sums_.first(input)) * sums_.width(output) +
                          (output - sums_.first(output));
    for (const Tap &tap : subgrid_.taps) {
      Vector<P, float> sum{};
      for (int64_t piece = 0; piece < sums_.pieces; ++piece) {
        sum += load<P>(source + piece * sums_.piece_size());
      }
      for (int64_t lane = 0; lane < lanes<P, float>; ++lane) {
        store(target + lane * layout.output_stride + tap.index, sum[lane]);
      }
      source += sums_.position_stride(input, output);
    }
  }

  const OutputSubgrid subgrid_;
  const PaddedInput<S> dy_, x_;
  const int64_t row_, rows_;  // taps that are taken together, and how many times
  const FilterSums<float> sums_;
  const int64_t value_stride_, gradient_stride_;
  Scratch<float> parts_;
};

template <typename P, typename S>
void differentiate_filter_in_pairs(ConvolutionKind kind, const S *dy, const Pictures &outputs,
                                   const S *x, const Pictures &inputs, S *dw,
                                   const FilterGradientLayout &layout) {
  PairedFilterGradient<P, S>(kind, dy, outputs, x, inputs).run(dw, layout);
}

}  // namespace ck

CK_END_TARGET
