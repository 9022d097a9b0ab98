// The passes of a convolution by tiles: what an algorithm of winograd_algorithms.h makes at a time. A
// block of tiles is transformed, one matrix product is computed for each position in a transformed
// tile, and the products are transformed back while they are in the cache.
//
// All sums run in an order that depends on the sizes alone.
//
// Included by the file of each processor, within a namespace and with the target of its own.
#pragma once

#include "winograd_algorithms.h"
#include "products.h"

constexpr int64_t most_tiles = 48;             // in a block
constexpr int64_t block_channels = 128;        // of a derivative by the kernels
constexpr int64_t products_bytes = 256 << 10;  // of a group of panels, in the second cache

// Rows of transformed tiles, and the parts of each position, lie one cache line further apart than
// their length, a multiple of a power of two as a rule: they would share their places in the cache.
template <typename T>
constexpr int64_t gap = 64 / sizeof(T);

// The squares of positions, values and taps.
template <typename A>
constexpr int positions = A::positions * A::positions;

// So much of the depth is summed up at a time: as much of both sides as lies in the first cache, and
// less for WideSameSize, as sums of short sums round less.
template <typename A, typename T>
constexpr int64_t part_of_depth = std::is_same_v<A, WideSameSize> ? 32 : 512 / sizeof(T);

// So many tiles that a block of them, transformed, takes no more than `block_bytes`.
template <typename A, typename T>
int64_t tiles_in_block(int64_t depth) {
  const int64_t fitting = block_bytes / (positions<A> * depth * int64_t(sizeof(T)));
  return std::clamp<int64_t>(fitting / most_rows * most_rows, most_rows,
                             most_tiles / most_rows * most_rows);
}

// Neighbouring tiles along one side of pictures, and how many of their positions count.
struct Span {
  int64_t first, count;
  int positions;
};

template <typename A>
constexpr int64_t tiles_along(int64_t results) {
  return (results + A::outputs - 1) / A::outputs;
}

// All tiles along a side: the last may have fewer positions.
template <typename A>
std::array<Span, 2> spans(int64_t results) {
  const int64_t last = tiles_along<A>(results) - 1;
  const int last_positions = A::positions_for(results - last * A::outputs);
  if (last_positions == A::positions) return {Span{0, last + 1, A::positions}, Span{}};
  return {Span{0, last, A::positions}, Span{last, 1, last_positions}};
}

// A rectangle of the tiles that each picture is cut into.
template <typename A>
struct Tiling {
  int64_t images;
  Span down, across;

  // All tiles, with all positions.
  static Tiling whole(const Pictures &results) {
    return {results.count,
            {0, tiles_along<A>(results.height), A::positions},
            {0, tiles_along<A>(results.width), A::positions}};
  }

  int64_t count() const { return images * down.count * across.count; }

  bool has_position(int row, int column) const {
    return row < down.positions && column < across.positions;
  }
  bool has_all_positions() const { return has_position(A::positions - 1, A::positions - 1); }
};

// One tile after the other.
template <typename A>
class Tile {
 public:
  Tile(const Tiling<A> &tiling, int64_t index)
      : tiling_(tiling), image_(index / (tiling.down.count * tiling.across.count)),
        row_(tiling.down.first + index / tiling.across.count % tiling.down.count),
        column_(tiling.across.first + index % tiling.across.count) {}

  void advance() {
    if (++column_ < tiling_.across.first + tiling_.across.count) return;
    column_ = tiling_.across.first;
    if (++row_ < tiling_.down.first + tiling_.down.count) return;
    row_ = tiling_.down.first;
    ++image_;
  }

  int64_t image() const { return image_; }
  // Of the first result.
  int64_t row() const { return row_ * A::outputs; }
  int64_t column() const { return column_ * A::outputs; }
  // Of the first value, which may lie outside.
  int64_t input_row() const { return row_ * A::step - A::before; }
  int64_t input_column() const { return column_ * A::step - A::before; }

 private:
  const Tiling<A> tiling_;
  int64_t image_, row_, column_;
};

// MARK: - Transformations

// A square of Size x Size vectors within a picture.
template <int Size, typename S>
struct InnerSquare {
  const S *corner;
  int64_t row_stride, column_stride;

  // Row i, column j of the square, at the channels from c on.
  CT_INLINED auto vector(int i, int j, int64_t c) const {
    return load(corner + i * row_stride + j * column_stride + c);
  }
};

// One that reaches beyond: each vector has an address of its own, outside that of zeros.
template <int Size, typename S>
struct BorderSquare {
  const S *places[Size][Size];

  CT_INLINED auto vector(int i, int j, int64_t c) const { return load(places[i][j] + c); }
};

// Pictures that are read a square at a time.
template <typename S>
class Readable {
 public:
  Readable(const S *x, const Pictures &pictures)
      : x_(x), pictures_(pictures), zeros_(pictures.channels, S(0)) {}

  // The channels of a pixel; zeros outside.
  CT_INLINED const S *pixel(int64_t image, int64_t row, int64_t column) const {
    const bool exists =
        row >= 0 && row < pictures_.height && column >= 0 && column < pictures_.width;
    return exists ? x_ + pictures_.pixel(image, row, column) : zeros();
  }
  const S *zeros() const { return zeros_.data(); }

  // Calls `body` with the square that begins at a row and a column, of the type that it then has.
  template <int Size, typename Body>
  CT_INLINED void with_square(int64_t image, int64_t row, int64_t column, Body &&body) const {
    const int64_t column_stride = pictures_.channels, row_stride = pictures_.width * column_stride;
    const S *corner = x_ + pictures_.pixel(image, row, column);
    const auto is_inside = [](int64_t first, int64_t length) {
      return first >= 0 && first + Size <= length;
    };
    if (is_inside(row, pictures_.height) && is_inside(column, pictures_.width)) {
      return body(InnerSquare<Size, S>{corner, row_stride, column_stride});
    }
    BorderSquare<Size, S> square;
    for (int i = 0; i < Size; ++i) {
      for (int j = 0; j < Size; ++j) square.places[i][j] = pixel(image, row + i, column + j);
    }
    body(square);
  }

 private:
  const S *const x_;
  const Pictures &pictures_;
  const std::vector<S> zeros_;
};

// B' d B of the first `count` channels of a square, into [positions, ...].
template <typename A, typename Square, typename T>
CT_INLINED void transform_square(const Square &square, int64_t count, T *result,
                                 int64_t position_stride) {
  using V = Vector<T>;
  for (int64_t c = 0; c < count; c += lanes<T>) {
    V rows[A::inputs][A::positions];
#pragma unroll
    for (int i = 0; i < A::inputs; ++i) {
      V values[A::inputs];
#pragma unroll
      for (int j = 0; j < A::inputs; ++j) values[j] = square.vector(i, j, c);
      A::input(values, rows[i]);
    }
#pragma unroll
    for (int j = 0; j < A::positions; ++j) {
      V column[A::inputs], made[A::positions];
#pragma unroll
      for (int i = 0; i < A::inputs; ++i) column[i] = rows[i][j];
      A::input(column, made);
#pragma unroll
      for (int i = 0; i < A::positions; ++i) {
        put(result + (i * A::positions + j) * position_stride + c, made[i]);
      }
    }
  }
}

// B' d B of a tile.
template <typename A, typename S, typename T>
void transform_input(const Readable<S> &x, const Tile<A> &tile, int64_t count, T *result,
                     int64_t position_stride) {
  x.template with_square<A::inputs>(
      tile.image(), tile.input_row(), tile.input_column(),
      [&](const auto &square) __attribute__((always_inline)) {
        transform_square<A>(square, count, result, position_stride);
      });
}

// A' m A of a vector of channels, from its products, into y. Positions that do not count are zeros.
template <typename A, bool All, typename S, typename T>
CT_INLINED void transform_output(const Tiling<A> &tiling, const T *products,
                                 int64_t position_stride, S *y, const Pictures &pictures,
                                 const Tile<A> &tile, int64_t channel) {
  using V = Vector<T>;
  V rows[A::outputs][A::positions];
#pragma unroll
  for (int j = 0; j < A::positions; ++j) {
    V column[A::positions], made[A::outputs];
#pragma unroll
    for (int i = 0; i < A::positions; ++i) {
      column[i] = All || tiling.has_position(i, j)
                      ? load(products + (i * A::positions + j) * position_stride)
                      : V{};
    }
    A::output(column, made);
#pragma unroll
    for (int i = 0; i < A::outputs; ++i) rows[i][j] = made[i];
  }
  S *target = y + pictures.pixel(tile.image(), tile.row(), tile.column()) + channel;
  const int64_t height = pictures.height - tile.row(), width = pictures.width - tile.column();
#pragma unroll
  for (int i = 0; i < A::outputs; ++i) {
    if (i >= height) return;
    V results[A::outputs];
    A::output(rows[i], results);
#pragma unroll
    for (int j = 0; j < A::outputs; ++j) {
      if (j < width) put(target + (i * pictures.width + j) * pictures.channels, results[j]);
    }
  }
}

// G g G' of a vector of columns at one depth.
template <typename A, typename S, typename T>
CT_INLINED void transform_kernels(const S *w, const KernelSide &side, int64_t column,
                                  int64_t depth, T *result, int64_t position_stride) {
  using V = Vector<T>;
  constexpr int taps = A::taps;
  const S *source = w + column * side.column_stride + depth * side.depth_stride;
  V g[taps][taps];
  for (int i = 0; i < taps * taps; ++i) {
    V value;
    for (int64_t lane = 0; lane < lanes<T>; ++lane) {
      value[lane] = widened(source[lane * side.column_stride + i]);
    }
    const int position = side.turned ? taps * taps - 1 - i : i;
    g[position / taps][position % taps] = value;
  }
  V rows[taps][A::positions];
#pragma unroll
  for (int i = 0; i < taps; ++i) A::kernel(g[i], rows[i]);
#pragma unroll
  for (int j = 0; j < A::positions; ++j) {
    V row[taps], made[A::positions];
#pragma unroll
    for (int i = 0; i < taps; ++i) row[i] = rows[i][j];
    A::kernel(row, made);
#pragma unroll
    for (int i = 0; i < A::positions; ++i) {
      put(result + (i * A::positions + j) * position_stride, made[i]);
    }
  }
}

// MARK: - Output, and the derivative by the input

// Kernels as products read them, one panel of columns after the other:
// [groups of panels, positions, panels, depth, columns of the panel].
template <typename A, typename T>
class TransformedKernels {
 public:
  template <typename S>
  TransformedKernels(const S *w, const KernelSide &side, int64_t depth, int64_t columns,
                     int64_t group)
      : depth_(depth), columns_(columns), group_(group),
        memory_(positions<A> * (depth * columns + gap<T> * ((columns + group - 1) / group))) {
    parallel_ranges(columns / lanes<T> * depth, 16, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t column = i / depth * lanes<T>, row = i % depth;
        const int64_t first = column / panel<T> * panel<T>;
        T *target = start(0, first) + row * panel_width(first) + (column - first);
        transform_kernels<A>(w, side, column, row, target, position_stride(column / group * group));
      }
    });
  }

  // Of the group, or the panel, that begins with a column.
  int64_t group_width(int64_t column) const { return std::min(group_, columns_ - column); }
  int64_t panel_width(int64_t column) const { return std::min(panel<T>, columns_ - column); }

  // Of the panel that begins with a column.
  T *start(int64_t position, int64_t column) {
    const int64_t group = column / group_ * group_;
    return memory_.start() + positions<A> * (depth_ * group + gap<T> * (column / group_)) +
           position * position_stride(group) + depth_ * (column - group);
  }

 private:
  // Of the group that begins with a column.
  int64_t position_stride(int64_t column) const { return depth_ * group_width(column) + gap<T>; }

  const int64_t depth_, columns_, group_;
  Scratch<T> memory_;
};

// Parts of different sizes, cut into blocks of at most so many of their elements: as many blocks of each
// part for each slot.
class Blocks {
 public:
  Blocks(int64_t most, int64_t slots) : most_(most), slots_(slots) {}

  void add(int64_t count) {
    const int64_t wanted = (count + most_ - 1) / most_;
    parts_.push_back({count, total_, (wanted + slots_ - 1) / slots_ * slots_});
    total_ += parts_.back().blocks;
  }

  // Calls `body(part, first, count, slot)` for each block.
  template <typename Body>
  void for_each(Body &&body) const {
    parallel_tasks(total_, slots_, [&](Tasks &tasks, int64_t slot) {
      for (int64_t block; tasks.take(block);) {
        size_t p = 0;
        while (block >= parts_[p].before + parts_[p].blocks) ++p;
        const Part &part = parts_[p];
        const int64_t own = block - part.before, first = part.count * own / part.blocks;
        const int64_t end = part.count * (own + 1) / part.blocks;
        if (first < end) body(p, first, end - first, slot);
      }
    });
  }

 private:
  struct Part {
    int64_t count, before, blocks;  // elements, blocks of former parts, and its own
  };

  const int64_t most_, slots_;
  int64_t total_ = 0;
  std::vector<Part> parts_;
};

// A convolution, a block of tiles at a time. A block lies in the second or third cache, as the
// processor's `block_bytes` say. It is multiplied by a group of panels, position by position: the
// block's part of a position and the group's products stay in the second one.
template <typename A, typename S>
class BlockedConvolution {
  using T = Arithmetic<S>;

 public:
  BlockedConvolution(const S *x, const Pictures &inputs, const S *w, const KernelSide &side, S *y,
                     const Pictures &results)
      : x_(x, inputs), y_(y), results_(results), depth_(inputs.channels),
        most_(tiles_in_block<A, T>(depth_)), group_(columns_in_group()),
        row_stride_(depth_ + gap<T>), input_stride_(most_ * row_stride_ + gap<T>),
        product_stride_(most_ * group_ + gap<T>),
        slots_(task_slots(Tiling<A>::whole(results).count())),
        kernels_(w, side, depth_, results.channels, group_), scratch_(slots_ * slot_size()) {}

  void run() {
    count_run(A::kernel_name);
    count_run(instructions);
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
    const int64_t panel_bytes = positions<A> * most_ * panel<T> * int64_t(sizeof(T));
    return std::max<int64_t>(1, products_bytes / panel_bytes) * panel<T>;
  }

  int64_t slot_size() const { return positions<A> * (input_stride_ + product_stride_); }

  // So many tiles, from the `first` on.
  void convolve(const Tiling<A> &tiling, int64_t first, int64_t count, int64_t slot) {
    T *const tiles = scratch_.start() + slot * slot_size();
    T *const products = tiles + positions<A> * input_stride_;
    Tile<A> tile(tiling, first);
    for (int64_t t = 0; t < count; ++t, tile.advance()) {
      transform_input(x_, tile, depth_, tiles + t * row_stride_, input_stride_);
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

  // Of a group: [positions, panels, tiles, columns of the panel].
  void multiply(const Tiling<A> &tiling, const T *tiles, int64_t count, int64_t group,
                T *products) {
    for (int p = 0; p < positions<A>; ++p) {
      if (!tiling.has_position(p / A::positions, p % A::positions)) continue;
      for (int64_t c = 0; c < kernels_.group_width(group); c += panel<T>) {
        const int64_t width = kernels_.panel_width(group + c);
        multiply_deep<T>(count, width, part_of_depth<A, T>,
                         {tiles + p * input_stride_, row_stride_, 1, kernels_.start(p, group + c),
                          width, depth_, products + p * product_stride_ + c * most_, width});
      }
    }
  }

  // The results of `count` tiles from the `first` on.
  template <bool All>
  void transform(const Tiling<A> &tiling, const T *products, int64_t first, int64_t count,
                 int64_t group) {
    for (int64_t c = 0; c < kernels_.group_width(group); c += panel<T>) {
      const int64_t width = kernels_.panel_width(group + c);
      const T *source = products + c * most_;
      Tile<A> tile(tiling, first);
      for (int64_t t = 0; t < count; ++t, tile.advance()) {
        for (int64_t lane = 0; lane < width; lane += lanes<T>) {
          transform_output<A, All>(tiling, source + t * width + lane, product_stride_, y_, results_,
                                   tile, group + c + lane);
        }
      }
    }
  }

  const Readable<S> x_;
  S *const y_;
  const Pictures &results_;
  const int64_t depth_, most_, group_;  // so many tiles in a block, and columns in a group
  const int64_t row_stride_, input_stride_, product_stride_, slots_;
  TransformedKernels<A, T> kernels_;
  Scratch<T> scratch_;
};

template <typename A, typename S>
void convolve_by(const S *x, const Pictures &inputs, const S *w, const KernelSide &side, S *y,
                 const Pictures &results) {
  BlockedConvolution<A, S>(x, inputs, w, side, y, results).run();
}

// MARK: - The derivative by the kernels

// Row `Row` of B' d B, or of A dy A', of `count` channels of a square from its channel `first` on, into
// [positions in the row, ...]. `transform` is that of one axis.
template <int Row, int Positions, int Size, typename Square, typename T, typename Transform>
CT_INLINED void transform_row(const Square &square, int64_t first, int64_t count, T *result,
                              int64_t position_stride, Transform &&transform) {
  using V = Vector<T>;
  for (int64_t c = 0; c < count; c += lanes<T>) {
    V values[Size], made[Positions];
#pragma unroll
    for (int j = 0; j < Size; ++j) {
      V column[Size];
#pragma unroll
      for (int i = 0; i < Size; ++i) column[i] = square.vector(i, j, first + c);
      transform(column, made);
      values[j] = made[Row];
    }
    transform(values, made);
#pragma unroll
    for (int j = 0; j < Positions; ++j) put(result + j * position_stride + c, made[j]);
  }
}

// The sums over tiles of a derivative by the kernels, cut into tasks: rows of positions, blocks of both
// channels, and pieces of the tiles where these are few.
template <typename T>
struct KernelSums {
  int64_t inputs, outputs, positions, input_blocks, output_blocks, pieces;

  KernelSums(int64_t inputs, int64_t outputs, int64_t positions, int64_t rows, int64_t tiles)
      : inputs(inputs), outputs(outputs), positions(positions),
        input_blocks((inputs + block_channels - 1) / block_channels),
        output_blocks((outputs + block_channels - 1) / block_channels) {
    const int64_t tasks = rows * input_blocks * output_blocks;
    // At least 8 tasks, and up to 32 where pieces are so large that adding them up is nothing; an even
    // number, for two threads.
    const int64_t wanted = std::clamp<int64_t>(tiles / 2048 * tasks, 8, 32);
    pieces = (wanted + tasks - 1) / tasks;
    if (pieces > 1 && pieces * tasks % 2 == 1) ++pieces;
    pieces = std::clamp<int64_t>(pieces, 1, std::max<int64_t>(1, tiles / 64));
  }

  // Of each piece and block, one after the other, [positions, inputs, outputs of the block]: closer
  // together in memory than if whole matrices were cut.
  int64_t size() const { return pieces * piece_size(); }
  int64_t piece_size() const {
    return positions * (inputs * outputs + gap<T> * input_blocks * output_blocks);
  }

  int64_t height(int64_t input) const { return std::min(block_channels, inputs - first(input)); }
  int64_t width(int64_t output) const { return std::min(block_channels, outputs - first(output)); }

  // In the block of a pair of channels.
  int64_t position_stride(int64_t input, int64_t output) const {
    return height(input) * width(output) + gap<T>;
  }

  // Where in a piece the block of a pair of channels begins.
  int64_t offset(int64_t input, int64_t output) const {
    const int64_t before = output / block_channels * input_blocks + input / block_channels;
    return positions *
           (first(output) * inputs + first(input) * width(output) + gap<T> * before);
  }

  // The first channel of the block of a channel.
  static int64_t first(int64_t channel) { return channel / block_channels * block_channels; }
};

// G' m G of a vector of outputs and one input, with m the sum of all pieces, into dw.
template <typename A, typename S, typename T>
CT_INLINED void transform_kernel_sums(const T *parts, const KernelSums<T> &sums, int64_t input,
                                      int64_t output, S *dw, const KernelGradient &layout) {
  using V = Vector<T>;
  constexpr int taps = A::taps;
  const int64_t position_stride = sums.position_stride(input, output);
  const T *source = parts + sums.offset(input, output) +
                    (input - sums.first(input)) * sums.width(output) +
                    (output - sums.first(output));
  S *target = dw + output * layout.output_stride + input * layout.input_stride;
  V m[A::positions][A::positions] = {};
  for (int64_t piece = 0; piece < sums.pieces; ++piece, source += sums.piece_size()) {
#pragma unroll
    for (int i = 0; i < positions<A>; ++i) {
      m[i / A::positions][i % A::positions] += load(source + i * position_stride);
    }
  }
  V rows[taps][A::positions];
#pragma unroll
  for (int j = 0; j < A::positions; ++j) {
    V column[A::positions], made[taps];
#pragma unroll
    for (int i = 0; i < A::positions; ++i) column[i] = m[i][j];
    A::kernel_gradient(column, made);
#pragma unroll
    for (int i = 0; i < taps; ++i) rows[i][j] = made[i];
  }
#pragma unroll
  for (int i = 0; i < taps; ++i) {
    V g[taps];
    A::kernel_gradient(rows[i], g);
#pragma unroll
    for (int j = 0; j < taps; ++j) {
      for (int64_t lane = 0; lane < lanes<T>; ++lane) {
        store(target + lane * layout.output_stride + i * taps + j, g[j][lane]);
      }
    }
  }
}

// The derivative by the kernels, one row of positions of one block of both channels at a time: of up to
// 64 channels, its sums and the tiles that are added to them stay in a second cache of 512 KiB.
template <typename A, typename S>
class KernelDerivative {
  using T = Arithmetic<S>;

 public:
  KernelDerivative(const S *dy, const Pictures &outputs, const S *x, const Pictures &inputs)
      : dy_(dy, outputs), x_(x, inputs), tiling_(Tiling<A>::whole(outputs)),
        sums_(inputs.channels, outputs.channels, positions<A>, A::positions, tiling_.count()),
        input_row_(std::min(block_channels, sums_.inputs) + gap<T>),
        gradient_row_(std::min(block_channels, sums_.outputs) + gap<T>),
        parts_(sums_.size()) {}

  void run(S *dw, const KernelGradient &layout) {
    count_run(A::kernel_name);
    count_run(instructions);
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
    parallel_ranges(sums_.outputs / lanes<T> * sums_.inputs, 16, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t output = i / sums_.inputs * lanes<T>, input = i % sums_.inputs;
        transform_kernel_sums<A>(parts_.start(), sums_, input, output, dw, layout);
      }
    });
  }

 private:
  // A task of all rows' is that of one row, which is then known to the compiler.
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
        x_.template with_square<A::inputs>(
            tile.image(), tile.input_row(), tile.input_column(),
            [&](const auto &square) __attribute__((always_inline)) {
              transform_row<Row, A::positions, A::inputs>(
                  square, input, height, values + t * input_row_, input_stride,
                  [](const auto &d, auto &m)
                      __attribute__((always_inline)) { A::input(d, m); });
            });
        dy_.template with_square<A::outputs>(
            tile.image(), tile.row(), tile.column(),
            [&](const auto &square) __attribute__((always_inline)) {
              transform_row<Row, A::positions, A::outputs>(
                  square, output, width, gradients + t * gradient_row_, gradient_stride,
                  [](const auto &d, auto &m)
                      __attribute__((always_inline)) { A::output_gradient(d, m); });
            });
      }
      for (int p = 0; p < A::positions; ++p) {
        for (int64_t column = 0; column < width; column += panel<T>) {
          const int64_t columns = std::min(panel<T>, width - column);
          const Product<T> product{values + p * input_stride, 1, input_row_,
                                   gradients + p * gradient_stride + column, gradient_row_, count,
                                   result + p * position_stride + column, width};
          if (first == begin) {
            multiply_panel<T, false, Ahead::sums>(height, columns, product);
          } else {
            multiply_panel<T, true, Ahead::sums>(height, columns, product);
          }
        }
      }
    }
  }

  const Readable<S> dy_, x_;
  const Tiling<A> tiling_;
  const KernelSums<T> sums_;
  const int64_t input_row_, gradient_row_;
  Scratch<T> parts_;
};

template <typename A, typename S>
void differentiate_by(const S *dy, const Pictures &outputs, const S *x, const Pictures &inputs,
                      S *dw, const KernelGradient &layout) {
  KernelDerivative<A, S>(dy, outputs, x, inputs).run(dw, layout);
}

// MARK: - By movement

#include "paired_passes.h"

template <typename S>
void convolve(Movement movement, const S *x, const Pictures &inputs, const S *w,
              const KernelSide &side, S *y, const Pictures &results) {
  if constexpr (multiplies_pairs<S>) {
    if (movement != Movement::same_size) {
      return convolve_in_pairs(movement, x, inputs, w, side, y, results);
    }
  }
  switch (movement) {
    case Movement::same_size:
      if (is_wide(results)) return convolve_by<WideSameSize>(x, inputs, w, side, y, results);
      return convolve_by<SameSize>(x, inputs, w, side, y, results);
    case Movement::half_size: return convolve_by<HalfSize>(x, inputs, w, side, y, results);
    case Movement::double_size: return convolve_by<DoubleSize>(x, inputs, w, side, y, results);
    case Movement::pointwise: return convolve_by<Pointwise>(x, inputs, w, side, y, results);
  }
}

template <typename S>
void differentiate(Movement movement, const S *dy, const Pictures &outputs, const S *x,
                   const Pictures &inputs, S *dw, const KernelGradient &layout) {
  // The smaller pictures are the outputs of the convolution whose transpose this is.
  if (movement == Movement::double_size) {
    return differentiate(Movement::half_size, x, inputs, dy, outputs, dw,
                         {layout.input_stride, layout.output_stride});
  }
  if constexpr (multiplies_pairs<S>) {
    if (movement != Movement::same_size) {
      return differentiate_in_pairs(movement, dy, outputs, x, inputs, dw, layout);
    }
  }
  switch (movement) {
    case Movement::same_size:
      if (is_wide(outputs)) return differentiate_by<WideSameSize>(dy, outputs, x, inputs, dw, layout);
      return differentiate_by<SameSize>(dy, outputs, x, inputs, dw, layout);
    case Movement::half_size: return differentiate_by<HalfSize>(dy, outputs, x, inputs, dw, layout);
    case Movement::double_size: return;
    case Movement::pointwise:
      return differentiate_by<Pointwise>(dy, outputs, x, inputs, dw, layout);
  }
}
