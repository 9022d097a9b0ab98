// The passes of a convolution of bfloat16 by its definition, for processors that multiply pairs of
// bfloat16 and add both products to a float: twice as many as products of floats.
//
//   y[result, o] = sum over taps and inputs of x[value under the tap, i] * w[o, i, tap]
//   dw[o, i, tap] = sum over results of x[value under the tap, i] * dy[result, o]
//
// Values are copied to where products want them, pairs side by side: two channels of y's sums, two
// results of dw's. Winograd's algorithms would have to round the sums of values that they multiply.
//
// Included by winograd_passes.h alone: compiled anew for each processor.
#pragma once

constexpr int64_t paired_results = 3 * most_rows;  // in a block of a convolution
constexpr int64_t paired_depth = 128;              // so many pairs are summed up at a time
constexpr int64_t paired_steps = 64;               // pairs of results that a derivative takes at a time

// One number of a kernel, and where the value that it meets lies, seen from a result's first.
struct Tap {
  int index;
  int64_t row, column;
};

// Results of each picture that meet the same taps: `step` apart, while the values that they meet are
// `value_step` apart.
struct Lattice {
  int64_t images, rows, columns;
  int64_t first_row, first_column, step, value_step;
  std::vector<Tap> taps;

  int64_t count() const { return images * rows * columns; }
};

// All results of a movement but that of stride 1, which is Winograd's.
inline std::vector<Lattice> lattices(Movement movement, const Pictures &results) {
  // Of one axis: a tap, and where the value that it meets lies.
  struct Reach {
    int tap;
    int64_t offset;
  };
  using Reaches = std::vector<Reach>;
  const auto lattice = [&](int64_t row, int64_t column, int64_t step, int64_t value_step,
                           const Reaches &down, const Reaches &across) {
    const int side = movement == Movement::pointwise ? 1 : 3;
    Lattice made{results.count, (results.height - row + step - 1) / step,
                 (results.width - column + step - 1) / step, row, column, step, value_step, {}};
    for (const Reach &r : down) {
      for (const Reach &c : across) made.taps.push_back({r.tap * side + c.tap, r.offset, c.offset});
    }
    return made;
  };
  const Reaches one{{0, 0}}, all{{0, 0}, {1, 1}, {2, 2}}, even{{0, 0}, {2, -1}}, odd{{1, 0}};
  switch (movement) {
    case Movement::half_size: return {lattice(0, 0, 1, 2, all, all)};
    case Movement::double_size:
      return {lattice(0, 0, 2, 1, even, even), lattice(0, 1, 2, 1, even, odd),
              lattice(1, 0, 2, 1, odd, even), lattice(1, 1, 2, 1, odd, odd)};
    case Movement::pointwise: return {lattice(0, 0, 1, 1, one, one)};
    case Movement::same_size: break;
  }
  return {};
}

// One result of a lattice after the other.
class Place {
 public:
  Place(const Lattice &lattice, int64_t index)
      : lattice_(lattice), image_(index / (lattice.rows * lattice.columns)),
        row_(index / lattice.columns % lattice.rows), column_(index % lattice.columns) {}

  void advance() {
    if (++column_ < lattice_.columns) return;
    column_ = 0;
    if (++row_ < lattice_.rows) return;
    row_ = 0;
    ++image_;
  }

  // The result's pixel in `Pictures` or `Readable` ones, and that of the value under a tap.
  template <typename Results>
  auto result(const Results &results) const {
    return results.pixel(image_, lattice_.first_row + row_ * lattice_.step,
                         lattice_.first_column + column_ * lattice_.step);
  }
  template <typename S>
  const S *value(const Readable<S> &x, const Tap &tap) const {
    return x.pixel(image_, row_ * lattice_.value_step + tap.row,
                   column_ * lattice_.value_step + tap.column);
  }

 private:
  const Lattice &lattice_;
  int64_t image_, row_, column_;
};

// MARK: - Output, and the derivative by the input

// Kernels as products read them: of each lattice [panels, taps, pairs of the depth, columns of the
// panel].
class PairedKernels {
 public:
  template <typename S>
  PairedKernels(const S *w, const KernelSide &side, const std::vector<Lattice> &lattices,
                int64_t depth, int64_t columns)
      : columns_(columns), memory_(taps(lattices) * depth / 2 * columns) {
    const int64_t pairs = depth / 2;
    int64_t first = 0;
    for (const Lattice &lattice : lattices) {
      first_.push_back(first);
      depth_.push_back(int64_t(lattice.taps.size()) * pairs);
      first += depth_.back() * columns;
    }
    parallel_ranges(columns / lanes<Pair> * pairs, 16, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t column = i / pairs * lanes<Pair>, pair = i % pairs;
        const int64_t panel_first = column / panel<Pair> * panel<Pair>;
        const int64_t width = panel_width(panel_first);
        const S *source = w + column * side.column_stride + 2 * pair * side.depth_stride;
        for (size_t l = 0; l < lattices.size(); ++l) {
          Pair *target = start(l, panel_first) + pair * width + (column - panel_first);
          for (const Tap &tap : lattices[l].taps) {
            put(target, gathered(source + tap.index, side));
            target += pairs * width;
          }
        }
      }
    });
  }

  // Pairs that are summed up.
  int64_t depth(size_t lattice) const { return depth_[lattice]; }
  int64_t greatest_depth() const { return *std::max_element(depth_.begin(), depth_.end()); }

  // Of the panel that begins with a column.
  int64_t panel_width(int64_t column) const { return std::min(panel<Pair>, columns_ - column); }
  Pair *start(size_t lattice, int64_t column) {
    return memory_.start() + first_[lattice] + column * depth_[lattice];
  }

 private:
  static int64_t taps(const std::vector<Lattice> &lattices) {
    size_t count = 0;
    for (const Lattice &lattice : lattices) count += lattice.taps.size();
    return int64_t(count);
  }

  // One tap of a vector of columns, at two depths.
  template <typename S>
  static Vector<Pair> gathered(const S *source, const KernelSide &side) {
    Vector<Pair> pairs;
    for (int64_t lane = 0; lane < lanes<Pair>; ++lane) {
      const S *column = source + lane * side.column_stride;
      pairs[lane] = column[0].x | Pair(column[side.depth_stride].x) << 16;
    }
    return pairs;
  }

  const int64_t columns_;
  std::vector<int64_t> first_, depth_;  // of each lattice
  Scratch<Pair> memory_;
};

// A convolution, a block of results at a time: the values that they meet, a row for each result, are
// multiplied by one panel of kernels after the other.
template <typename S>
class PairedConvolution {
 public:
  PairedConvolution(Movement movement, const S *x, const Pictures &inputs, const S *w,
                    const KernelSide &side, S *y, const Pictures &results)
      : lattices_(lattices(movement, results)), x_(x, inputs), y_(y), results_(results),
        depth_(inputs.channels), kernels_(w, side, lattices_, depth_, results.channels),
        slots_(task_slots(results.count * results.height * results.width)),
        values_size_(paired_results * (kernels_.greatest_depth() + gap<Pair>)),
        values_(slots_ * values_size_), sums_(slots_ * sums_size) {}

  void run() {
    count_run(ct_kernel_paired_products);
    count_run(instructions);
    Blocks blocks(paired_results, slots_);
    for (const Lattice &lattice : lattices_) blocks.add(lattice.count());
    blocks.for_each([&](size_t lattice, int64_t first, int64_t count, int64_t slot) {
      convolve(lattice, first, count, slot);
    });
  }

 private:
  static constexpr int64_t sums_size = paired_results * panel<Pair>;

  // So many results of a lattice, from the `first` on.
  void convolve(size_t l, int64_t first, int64_t count, int64_t slot) {
    const Lattice &lattice = lattices_[l];
    Pair *const values = values_.start() + slot * values_size_;
    float *const sums = sums_.start() + slot * sums_size;
    const int64_t row_stride = kernels_.depth(l) + gap<Pair>;
    Place place(lattice, first);
    for (int64_t r = 0; r < count; ++r, place.advance()) {
      Pair *row = values + r * row_stride;
      for (const Tap &tap : lattice.taps) {
        std::memcpy(row, place.value(x_, tap), depth_ * sizeof(S));
        row += depth_ / 2;
      }
    }
    for (int64_t column = 0; column < results_.channels; column += panel<Pair>) {
      const int64_t width = kernels_.panel_width(column);
      multiply_deep<Pair>(count, width, paired_depth,
                          {values, row_stride, 1, kernels_.start(l, column), width,
                           kernels_.depth(l), sums, width});
      Place target(lattice, first);
      for (int64_t r = 0; r < count; ++r, target.advance()) {
        S *const pixel = y_ + target.result(results_) + column;
        for (int64_t lane = 0; lane < width; lane += lanes<float>) {
          put(pixel + lane, load(sums + r * width + lane));
        }
      }
    }
  }

  const std::vector<Lattice> lattices_;
  const Readable<S> x_;
  S *const y_;
  const Pictures &results_;
  const int64_t depth_;
  PairedKernels kernels_;
  const int64_t slots_, values_size_;
  Scratch<Pair> values_;
  Scratch<float> sums_;
};

template <typename S>
void convolve_in_pairs(Movement movement, const S *x, const Pictures &inputs, const S *w,
                       const KernelSide &side, S *y, const Pictures &results) {
  PairedConvolution<S>(movement, x, inputs, w, side, y, results).run();
}

// MARK: - The derivative by the kernels

// The derivative by the kernels, of a row of taps of one block of inputs and of outputs at a time. Of
// two results that follow one another, both values and both incoming derivatives make a pair.
template <typename S>
class PairedDerivative {
 public:
  PairedDerivative(Movement movement, const S *dy, const Pictures &outputs, const S *x,
                   const Pictures &inputs)
      : lattice_(lattices(movement, outputs).front()), dy_(dy, outputs), x_(x, inputs),
        row_(movement == Movement::pointwise ? 1 : 3), rows_(int64_t(lattice_.taps.size()) / row_),
        sums_(inputs.channels, outputs.channels, row_ * rows_, rows_, lattice_.count()),
        value_stride_(row_ * std::min(block_channels, inputs.channels) + gap<Pair>),
        gradient_stride_(std::min(block_channels, outputs.channels) + gap<Pair>),
        parts_(sums_.size()) {}

  void run(S *dw, const KernelGradient &layout) {
    count_run(ct_kernel_paired_products);
    count_run(instructions);
    const int64_t count = sums_.pieces * sums_.input_blocks * sums_.output_blocks * rows_;
    const int64_t slots = task_slots(count);
    const int64_t slot_size = paired_steps * (value_stride_ + gradient_stride_);
    Scratch<Pair> scratch(slots * slot_size);
    parallel_tasks(count, slots, [&](Tasks &tasks, int64_t slot) {
      for (int64_t task; tasks.take(task);) add_up(task, scratch.start() + slot * slot_size);
    });
    parallel_ranges(sums_.outputs / lanes<float> * sums_.inputs, 16,
                    [&](int64_t begin, int64_t end) {
                      for (int64_t i = begin; i < end; ++i) {
                        const int64_t output = i / sums_.inputs * lanes<float>;
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
    const int64_t begin = lattice_.count() * piece / sums_.pieces;
    const int64_t end = lattice_.count() * (piece + 1) / sums_.pieces;
    for (int64_t first = begin; first < end; first += 2 * paired_steps) {
      const int64_t count = std::min(2 * paired_steps, end - first), steps = (count + 1) / 2;
      Place place(lattice_, first);
      for (int64_t step = 0; step < steps; ++step) {
        const Place former = place;
        place.advance();
        const bool has_latter = 2 * step + 1 < count;
        for (int64_t t = 0; t < row_; ++t) {
          const Tap &met = lattice_.taps[tap + t];
          pair_up(former.value(x_, met) + input,
                  has_latter ? place.value(x_, met) + input : x_.zeros(), height,
                  values + step * value_stride_ + t * height);
        }
        pair_up(former.result(dy_) + output, has_latter ? place.result(dy_) + output : dy_.zeros(),
                width, gradients + step * gradient_stride_);
        place.advance();
      }
      for (int64_t t = 0; t < row_; ++t) {
        for (int64_t column = 0; column < width; column += panel<Pair>) {
          const int64_t columns = std::min(panel<Pair>, width - column);
          const Product<Pair> product{values + t * height, 1, value_stride_,
                                      gradients + column, gradient_stride_, steps,
                                      result + t * position_stride + column, width};
          if (first == begin) {
            multiply_panel<Pair, false, Ahead::sums>(height, columns, product);
          } else {
            multiply_panel<Pair, true, Ahead::sums>(height, columns, product);
          }
        }
      }
    }
  }

  // Channels of two pixels side by side.
  CT_INLINED static void pair_up(const S *former, const S *latter, int64_t channels, Pair *pairs) {
    for (int64_t c = 0; c < channels; c += lanes<Pair>) {
      Halves low, high;
      std::memcpy(&low, former + c, sizeof low);
      std::memcpy(&high, latter + c, sizeof high);
      put(pairs + c, __builtin_convertvector(low, Vector<Pair>) |
                         __builtin_convertvector(high, Vector<Pair>) << 16);
    }
  }

  // The sum of all pieces, of one input and a vector of outputs, into dw.
  void store_sums(int64_t input, int64_t output, S *dw, const KernelGradient &layout) {
    S *const target = dw + output * layout.output_stride + input * layout.input_stride;
    const float *source = parts_.start() + sums_.offset(input, output) +
                          (input - sums_.first(input)) * sums_.width(output) +
                          (output - sums_.first(output));
    for (const Tap &tap : lattice_.taps) {
      Vector<float> sum{};
      for (int64_t piece = 0; piece < sums_.pieces; ++piece) {
        sum += load(source + piece * sums_.piece_size());
      }
      for (int64_t lane = 0; lane < lanes<float>; ++lane) {
        store(target + lane * layout.output_stride + tap.index, sum[lane]);
      }
      source += sums_.position_stride(input, output);
    }
  }

  const Lattice lattice_;
  const Readable<S> dy_, x_;
  const int64_t row_, rows_;  // taps that are taken together, and how many times
  const KernelSums<float> sums_;
  const int64_t value_stride_, gradient_stride_;
  Scratch<float> parts_;
};

template <typename S>
void differentiate_in_pairs(Movement movement, const S *dy, const Pictures &outputs, const S *x,
                            const Pictures &inputs, S *dw, const KernelGradient &layout) {
  PairedDerivative<S>(movement, dy, outputs, x, inputs).run(dw, layout);
}
