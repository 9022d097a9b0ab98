// Winograd's convolution F(2x2, 3x3) (Lavin and Gray, "Fast Algorithms for Convolutional Neural
// Networks", CVPR 2016). The picture is cut into tiles of 2x2 results. With d the 4x4 inputs below
// a tile, g a kernel, and sums over input channels,
//
//   y = A' [sum (G g G') . (B' d B)] A        dx: the same, with the kernels turned by 180 degrees
//   dg = G' [sum over tiles (A dy A') . (B' d B)] G
//
//        1  0 -1  0           1   0   0
//   B' = 0  1  1  0      G = 1/2 1/2 1/2      A' = 1  1  1  0
//        0 -1  1  0          1/2-1/2 1/2           0  1 -1 -1
//        0  1  0 -1           0   0   1
//
// so that of 36 multiplications a tile and pair of channels 16 are left: one matrix product for each
// of the 16 positions in a transformed tile. The matrices hold halves and ones, and rounding errors
// are those of the direct sum. A block of tiles stays in the second cache from its transformation to
// its result.
//
// All sums run in an order that depends on the sizes alone.

#include "winograd.h"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "parallel.h"

// Everything below is for AVX-512: its 32 registers of 64 bytes hold a product's sums. Written for
// vectors of the compiler, so that double precision is the same source.
#if defined(__x86_64__) && defined(__linux__)
#define CT_HAS_WINOGRAD 1
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#endif

namespace ct {

namespace {

#ifdef CT_HAS_WINOGRAD

constexpr int64_t positions = 16;  // in a transformed tile
constexpr int64_t most_rows = 14;  // of a product whose sums the registers hold, two vectors wide
constexpr int64_t block_tiles = 42;
constexpr int64_t block_channels = 128;  // of a derivative by the kernels

template <typename T>
using Vector __attribute__((vector_size(64))) = T;

template <typename T>
constexpr int64_t lanes = 64 / sizeof(T);

// Columns of a product that are computed together.
template <typename T>
constexpr int64_t panel = 2 * lanes<T>;

// So much of both sides' depth lies in the first cache at a time.
template <typename T>
constexpr int64_t part_of_depth = 512 / sizeof(T);

template <typename T>
CT_INLINED Vector<T> load(const T *source) {
  Vector<T> value;
  std::memcpy(&value, source, sizeof value);
  return value;
}

template <typename T>
CT_INLINED void put(T *target, Vector<T> value) {
  std::memcpy(target, &value, sizeof value);
}

// The sizes of a picture that is read or written by tiles; NHWC in memory.
struct Tiling {
  int64_t images, height, width, down, across;

  explicit Tiling(const at::Tensor &x)
      : images(x.size(0)), height(x.size(2)), width(x.size(3)), down((height + 1) / 2),
        across((width + 1) / 2) {}

  int64_t count() const { return images * down * across; }
};

// Where a tile's results lie.
struct Tile {
  int64_t image, row, column;

  Tile(const Tiling &tiling, int64_t index)
      : image(index / (tiling.down * tiling.across)),
        row(2 * (index / tiling.across % tiling.down)), column(2 * (index % tiling.across)) {}
};

// MARK: - Transformations

// B' d B of `channels` channels, from x at their first of `all_channels`.
template <typename T>
CT_INLINED void transform_input(const T *x, const Tiling &tiling, const Tile &tile,
                                int64_t all_channels, int64_t channels, T *result,
                                int64_t position_stride) {
  using V = Vector<T>;
  const T *corner =
      x + ((tile.image * tiling.height + tile.row - 1) * tiling.width + tile.column - 1) *
              all_channels;
  bool inside[4][4];
  for (int64_t i = 0; i < 4; ++i) {
    for (int64_t j = 0; j < 4; ++j) {
      const int64_t row = tile.row + i - 1, column = tile.column + j - 1;
      inside[i][j] = row >= 0 && row < tiling.height && column >= 0 && column < tiling.width;
    }
  }
  for (int64_t c = 0; c < channels; c += lanes<T>) {
    V d[4][4];
    for (int i = 0; i < 4; ++i) {
      for (int j = 0; j < 4; ++j) {
        d[i][j] = inside[i][j] ? load(corner + (i * tiling.width + j) * all_channels + c) : V{};
      }
    }
    for (int j = 0; j < 4; ++j) {
      const V a = d[0][j] - d[2][j], b = d[1][j] + d[2][j], e = d[2][j] - d[1][j],
              f = d[1][j] - d[3][j];
      d[0][j] = a, d[1][j] = b, d[2][j] = e, d[3][j] = f;
    }
    for (int i = 0; i < 4; ++i) {
      T *target = result + 4 * i * position_stride + c;
      put<T>(target, d[i][0] - d[i][2]);
      put<T>(target + position_stride, d[i][1] + d[i][2]);
      put<T>(target + 2 * position_stride, d[i][2] - d[i][1]);
      put<T>(target + 3 * position_stride, d[i][1] - d[i][3]);
    }
  }
}

// A' m A of one tile and vector of channels, into y.
template <typename T>
CT_INLINED void transform_output(const T *products, int64_t position_stride, T *y,
                                 const Tiling &tiling, const Tile &tile, int64_t channels,
                                 int64_t channel) {
  using V = Vector<T>;
  V m[2][4];
  for (int j = 0; j < 4; ++j) {
    const V a = load(products + j * position_stride),
            b = load(products + (4 + j) * position_stride),
            c = load(products + (8 + j) * position_stride),
            d = load(products + (12 + j) * position_stride);
    m[0][j] = a + b + c;
    m[1][j] = b - c - d;
  }
  T *target = y + ((tile.image * tiling.height + tile.row) * tiling.width + tile.column) * channels +
              channel;
  for (int64_t i = 0; i < 2 && tile.row + i < tiling.height; ++i) {
    T *row = target + i * tiling.width * channels;
    put<T>(row, m[i][0] + m[i][1] + m[i][2]);
    if (tile.column + 1 < tiling.width) put<T>(row + channels, m[i][1] - m[i][2] - m[i][3]);
  }
}

// A dy A' of `channels` channels, from dy at its first of `all_channels`.
template <typename T>
CT_INLINED void transform_output_gradient(const T *dy, const Tiling &tiling, const Tile &tile,
                                          int64_t all_channels, int64_t channels, T *result,
                                          int64_t position_stride) {
  using V = Vector<T>;
  const T *corner =
      dy + ((tile.image * tiling.height + tile.row) * tiling.width + tile.column) * all_channels;
  const T *next = corner + tiling.width * all_channels;
  const bool below = tile.row + 1 < tiling.height, right = tile.column + 1 < tiling.width;
  for (int64_t channel = 0; channel < channels; channel += lanes<T>) {
    const V a = load(corner + channel), b = right ? load(corner + all_channels + channel) : V{},
            c = below ? load(next + channel) : V{},
            d = below && right ? load(next + all_channels + channel) : V{};
    const V rows[4][2] = {{a, b}, {a + c, b + d}, {a - c, b - d}, {-c, -d}};
    for (int i = 0; i < 4; ++i) {
      T *target = result + 4 * i * position_stride + channel;
      put<T>(target, rows[i][0]);
      put<T>(target + position_stride, rows[i][0] + rows[i][1]);
      put<T>(target + 2 * position_stride, rows[i][0] - rows[i][1]);
      put<T>(target + 3 * position_stride, -rows[i][1]);
    }
  }
}

// The kernels as one side of the products: how w [O, I, 3, 3] is read for y (depth I, columns O) or,
// turned by 180 degrees, for dx (depth O, columns I).
template <typename T>
struct Kernels {
  const T *values;
  int64_t depth, columns, depth_stride, column_stride;
  bool turned;

  Kernels(const at::Tensor &w, bool for_input_gradient) : values(w.const_data_ptr<T>()) {
    turned = for_input_gradient;
    depth = w.size(turned ? 0 : 1);
    columns = w.size(turned ? 1 : 0);
    depth_stride = turned ? w.size(1) * 9 : 9;
    column_stride = turned ? 9 : w.size(1) * 9;
  }

  // The transformed kernels, [panels of columns, positions, depth, columns of the panel].
  int64_t transformed_size() const { return positions * depth * columns; }
};

// G g G' of a vector of columns at one depth.
template <typename T>
CT_INLINED void transform_kernels(const Kernels<T> &kernels, int64_t column, int64_t depth,
                                  T *result, int64_t position_stride) {
  using V = Vector<T>;
  const T *source = kernels.values + column * kernels.column_stride + depth * kernels.depth_stride;
  V g[3][3];
  for (int i = 0; i < 9; ++i) {
    V value;
    for (int64_t lane = 0; lane < lanes<T>; ++lane) {
      value[lane] = source[lane * kernels.column_stride + i];
    }
    const int position = kernels.turned ? 8 - i : i;
    g[position / 3][position % 3] = value;
  }
  V rows[4][3];
  for (int j = 0; j < 3; ++j) {
    const V sum = g[0][j] + g[2][j];
    rows[0][j] = g[0][j];
    rows[1][j] = T(0.5) * (sum + g[1][j]);
    rows[2][j] = T(0.5) * (sum - g[1][j]);
    rows[3][j] = g[2][j];
  }
  for (int i = 0; i < 4; ++i) {
    const V sum = rows[i][0] + rows[i][2];
    T *target = result + 4 * i * position_stride;
    put<T>(target, rows[i][0]);
    put<T>(target + position_stride, T(0.5) * (sum + rows[i][1]));
    put<T>(target + 2 * position_stride, T(0.5) * (sum - rows[i][1]));
    put<T>(target + 3 * position_stride, rows[i][2]);
  }
}

// MARK: - Products

// sums += factor * values, with one number loaded into all lanes. The instructions are written down:
// left to itself, the compiler loads the factors of all rows first, and spills the sums.
template <typename T, int Width>
CT_INLINED void multiply_add(const T &factor, const Vector<T> (&values)[Width],
                             Vector<T> (&sums)[Width]) {
  Vector<T> broadcast;
  if constexpr (std::is_same_v<T, float>) {
    asm volatile("vbroadcastss %1, %0" : "=v"(broadcast) : "m"(factor));
    for (int w = 0; w < Width; ++w) {
      asm volatile("vfmadd231ps %2, %1, %0" : "+v"(sums[w]) : "v"(broadcast), "v"(values[w]));
    }
  } else {
    asm volatile("vbroadcastsd %1, %0" : "=v"(broadcast) : "m"(factor));
    for (int w = 0; w < Width; ++w) {
      asm volatile("vfmadd231pd %2, %1, %0" : "+v"(sums[w]) : "v"(broadcast), "v"(values[w]));
    }
  }
}

// What a product fetches while it is computed, a row with each step: the factors b of the part that
// follows, into the second cache, or the sums of the rows that follow, into the first.
enum class Ahead { factors, sums };

// out [rows, Width vectors] (+)= sum over depth of a[row, depth] * b[depth, Width vectors].
template <typename T, int Rows, int Width, bool Adds, Ahead Next>
CT_INLINED void multiply(const T *a, int64_t row_stride, int64_t depth_stride, const T *b,
                         int64_t b_stride, int64_t depth, T *out, int64_t out_stride) {
  using V = Vector<T>;
  V sums[Rows][Width];
#pragma unroll
  for (int r = 0; r < Rows; ++r) {
#pragma unroll
    for (int w = 0; w < Width; ++w) {
      sums[r][w] = Adds ? load(out + r * out_stride + w * lanes<T>) : V{};
    }
  }
  // One pointer for three rows: a row's address is then one operand of its instruction.
  const T *rows[(Rows + 2) / 3];
#pragma unroll
  for (int r = 0; r < Rows; r += 3) rows[r / 3] = a + r * row_stride;
  const T *next = Next == Ahead::factors ? b + depth * b_stride : out + Rows * out_stride;
  const int64_t next_stride = Next == Ahead::factors ? b_stride : out_stride;
  for (int64_t d = 0; d < depth; ++d) {
    V values[Width];
#pragma unroll
    for (int w = 0; w < Width; ++w) {
      values[w] = load(b + w * lanes<T>);
      __builtin_prefetch(next + w * lanes<T>, 0, Next == Ahead::factors ? 2 : 3);
    }
    next += next_stride;
#pragma unroll
    for (int r = 0; r < Rows; ++r) {
      multiply_add<T, Width>(rows[r / 3][r % 3 * row_stride], values, sums[r]);
    }
#pragma unroll
    for (int r = 0; r < Rows; r += 3) rows[r / 3] += depth_stride;
    b += b_stride;
  }
#pragma unroll
  for (int r = 0; r < Rows; ++r) {
#pragma unroll
    for (int w = 0; w < Width; ++w) put<T>(out + r * out_stride + w * lanes<T>, sums[r][w]);
  }
}

template <typename T, int Width, bool Adds, Ahead Next>
void multiply_rows(int64_t rows, const T *a, int64_t row_stride, int64_t depth_stride, const T *b,
                   int64_t b_stride, int64_t depth, T *out, int64_t out_stride) {
  switch (rows) {
#define CT_ROWS(n)                                                                           \
  case n:                                                                                    \
    return multiply<T, n, Width, Adds, Next>(a, row_stride, depth_stride, b, b_stride, depth, \
                                             out, out_stride)
    CT_ROWS(1);
    CT_ROWS(2);
    CT_ROWS(3);
    CT_ROWS(4);
    CT_ROWS(5);
    CT_ROWS(6);
    CT_ROWS(7);
    CT_ROWS(8);
    CT_ROWS(9);
    CT_ROWS(10);
    CT_ROWS(11);
    CT_ROWS(12);
    CT_ROWS(13);
    CT_ROWS(14);
#undef CT_ROWS
  }
}

// `width` columns (one or two vectors) of any number of rows, in strips of nearly equal height.
template <typename T, bool Adds, Ahead Next>
void multiply_panel(int64_t rows, int64_t width, const T *a, int64_t row_stride,
                    int64_t depth_stride, const T *b, int64_t b_stride, int64_t depth, T *out,
                    int64_t out_stride) {
  const int64_t strips = (rows + most_rows - 1) / most_rows;
  for (int64_t strip = 0; strip < strips; ++strip) {
    const int64_t row = rows * strip / strips, height = rows * (strip + 1) / strips - row;
    const T *left = a + row * row_stride;
    T *target = out + row * out_stride;
    if (width == panel<T>) {
      multiply_rows<T, 2, Adds, Next>(height, left, row_stride, depth_stride, b, b_stride, depth,
                                      target, out_stride);
    } else {
      multiply_rows<T, 1, Adds, Next>(height, left, row_stride, depth_stride, b, b_stride, depth,
                                      target, out_stride);
    }
  }
}

// The same from rows of `depth` values, a part of the depth after the other: a part of both sides
// stays in the first cache.
template <typename T>
void multiply_deep(int64_t rows, int64_t width, const T *a, int64_t row_stride, const T *b,
                   int64_t depth, T *out) {
  for (int64_t first = 0; first < depth; first += part_of_depth<T>) {
    const int64_t part = std::min(part_of_depth<T>, depth - first);
    if (first == 0) {
      multiply_panel<T, false, Ahead::factors>(rows, width, a, row_stride, 1, b, width, part, out,
                                               width);
    } else {
      multiply_panel<T, true, Ahead::factors>(rows, width, a + first, row_stride, 1,
                                              b + first * width, width, part, out, width);
    }
  }
}

// MARK: - The three passes

// Memory of one thread, aligned for its vectors.
template <typename T>
class Scratch {
 public:
  explicit Scratch(int64_t size) : memory_(size + lanes<T>) {
    const auto address = reinterpret_cast<uintptr_t>(memory_.data());
    start_ = memory_.data() + (64 - address % 64) % 64 / sizeof(T);
  }
  T *start() { return start_; }

 private:
  std::vector<T> memory_;
  T *start_;
};

// Rows of transformed tiles lie one cache line further apart than their length, a power of two as a
// rule: they would share their places in the cache.
template <typename T>
constexpr int64_t gap = lanes<T>;

template <typename T>
void convolve(const T *x, const Tiling &tiling, const Kernels<T> &kernels, T *transformed, T *y) {
  const int64_t depth = kernels.depth, columns = kernels.columns;
  parallel_ranges(columns / lanes<T> * depth, 16, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t column = i / depth * lanes<T>, first = column / panel<T> * panel<T>;
      const int64_t width = std::min(panel<T>, columns - first);
      T *target = transformed + positions * depth * first + i % depth * width + (column - first);
      transform_kernels(kernels, column, i % depth, target, depth * width);
    }
  });

  const int64_t threads = at::get_num_threads();
  int64_t blocks = (tiling.count() + block_tiles - 1) / block_tiles;
  blocks = (blocks + threads - 1) / threads * threads;
  parallel_tasks(blocks, [&](Tasks &tasks) {
    const int64_t row_stride = depth + gap<T>, input_stride = block_tiles * row_stride;
    const int64_t product_stride = block_tiles * panel<T>;
    Scratch<T> inputs(positions * input_stride), products(positions * product_stride);
    for (int64_t block; tasks.take(block);) {
      const int64_t first = tiling.count() * block / blocks;
      const int64_t tiles = tiling.count() * (block + 1) / blocks - first;
      if (tiles == 0) continue;
      for (int64_t t = 0; t < tiles; ++t) {
        transform_input(x, tiling, Tile(tiling, first + t), depth, depth,
                        inputs.start() + t * row_stride, input_stride);
      }
      for (int64_t column = 0; column < columns; column += panel<T>) {
        const int64_t width = std::min(panel<T>, columns - column);
        for (int64_t p = 0; p < positions; ++p) {
          multiply_deep(tiles, width, inputs.start() + p * input_stride, row_stride,
                        transformed + positions * depth * column + p * depth * width, depth,
                        products.start() + p * product_stride);
        }
        for (int64_t t = 0; t < tiles; ++t) {
          const Tile tile(tiling, first + t);
          for (int64_t c = 0; c < width; c += lanes<T>) {
            transform_output(products.start() + t * width + c, product_stride, y, tiling, tile,
                             columns, column + c);
          }
        }
      }
    }
  });
}

// The sums over tiles of a derivative by the kernels, cut into tasks: blocks of both channels, and
// pieces of the tiles where there are few blocks.
struct KernelSums {
  int64_t inputs, outputs, input_blocks, output_blocks, pieces;

  KernelSums(int64_t inputs, int64_t outputs, int64_t tiles)
      : inputs(inputs), outputs(outputs),
        input_blocks((inputs + block_channels - 1) / block_channels),
        output_blocks((outputs + block_channels - 1) / block_channels) {
    const int64_t blocks = input_blocks * output_blocks;
    pieces = std::clamp<int64_t>((8 + blocks - 1) / blocks, 1, std::max<int64_t>(1, tiles / 32));
  }

  // Of each piece and block, one after the other, [positions, inputs, outputs of the block]: closer
  // together in memory than if whole matrices were cut, whose parts share places in the caches.
  int64_t size() const { return pieces * piece_size(); }
  int64_t piece_size() const { return positions * inputs * outputs; }

  int64_t height(int64_t input) const { return std::min(block_channels, inputs - first(input)); }
  int64_t width(int64_t output) const { return std::min(block_channels, outputs - first(output)); }

  // Where in a piece the block of a pair of channels begins.
  int64_t offset(int64_t input, int64_t output) const {
    return positions * (first(output) * inputs + first(input) * width(output));
  }

  // The first channel of the block of a channel.
  static int64_t first(int64_t channel) { return channel / block_channels * block_channels; }
};

// G' m G of a vector of outputs and one input, with m the sum of all pieces, into dw.
template <typename T>
CT_INLINED void transform_kernel_sums(const T *parts, const KernelSums &sums, int64_t input,
                                      int64_t output, T *dw) {
  using V = Vector<T>;
  const int64_t width = sums.width(output), position_stride = sums.height(input) * width;
  const T *source = parts + sums.offset(input, output) +
                    (input - sums.first(input)) * width + (output - sums.first(output));
  T *target = dw + (output * sums.inputs + input) * 9;
  V m[4][4];
  for (int p = 0; p < positions; ++p) {
    V sum = load(source + p * position_stride);
    for (int64_t piece = 1; piece < sums.pieces; ++piece) {
      sum += load(source + piece * sums.piece_size() + p * position_stride);
    }
    m[p / 4][p % 4] = sum;
  }
  V rows[3][4];
  for (int j = 0; j < 4; ++j) {
    const V half = T(0.5) * (m[1][j] + m[2][j]);
    rows[0][j] = m[0][j] + half;
    rows[1][j] = T(0.5) * (m[1][j] - m[2][j]);
    rows[2][j] = half + m[3][j];
  }
  for (int i = 0; i < 3; ++i) {
    const V half = T(0.5) * (rows[i][1] + rows[i][2]);
    const V g[3] = {rows[i][0] + half, T(0.5) * (rows[i][1] - rows[i][2]), half + rows[i][3]};
    for (int j = 0; j < 3; ++j) {
      for (int64_t lane = 0; lane < lanes<T>; ++lane) {
        target[lane * sums.inputs * 9 + 3 * i + j] = g[j][lane];
      }
    }
  }
}

// Adds up one task: all its tiles, for one block of inputs and outputs.
template <typename T>
void sum_over_tiles(const T *dy, const T *x, const Tiling &tiling, const KernelSums &sums,
                    int64_t first_tile, int64_t last_tile, int64_t input, int64_t output,
                    T *result) {
  const int64_t height = sums.height(input), width = sums.width(output);
  const int64_t input_row = height + gap<T>, input_stride = block_tiles * input_row;
  const int64_t gradient_row = width + gap<T>, gradient_stride = block_tiles * gradient_row;
  Scratch<T> inputs(positions * input_stride), gradients(positions * gradient_stride);
  for (int64_t first = first_tile; first < last_tile; first += block_tiles) {
    const int64_t tiles = std::min(block_tiles, last_tile - first);
    for (int64_t t = 0; t < tiles; ++t) {
      const Tile tile(tiling, first + t);
      transform_input(x + input, tiling, tile, sums.inputs, height, inputs.start() + t * input_row,
                      input_stride);
      transform_output_gradient(dy + output, tiling, tile, sums.outputs, width,
                                gradients.start() + t * gradient_row, gradient_stride);
    }
    for (int64_t p = 0; p < positions; ++p) {
      for (int64_t column = 0; column < width; column += panel<T>) {
        const T *a = inputs.start() + p * input_stride;
        const T *b = gradients.start() + p * gradient_stride + column;
        T *target = result + p * height * width + column;
        const int64_t columns = std::min(panel<T>, width - column);
        if (first == first_tile) {
          multiply_panel<T, false, Ahead::sums>(height, columns, a, 1, input_row, b, gradient_row,
                                                tiles, target, width);
        } else {
          multiply_panel<T, true, Ahead::sums>(height, columns, a, 1, input_row, b, gradient_row,
                                               tiles, target, width);
        }
      }
    }
  }
}

template <typename T>
void differentiate_by_kernels(const T *dy, const T *x, const Tiling &tiling, const KernelSums &sums,
                              T *parts, T *dw) {
  const int64_t blocks = sums.input_blocks * sums.output_blocks, tiles = tiling.count();
  parallel_tasks(blocks * sums.pieces, [&](Tasks &tasks) {
    for (int64_t task; tasks.take(task);) {
      const int64_t piece = task / blocks;
      const int64_t input = task % blocks / sums.output_blocks * block_channels;
      const int64_t output = task % sums.output_blocks * block_channels;
      sum_over_tiles(dy, x, tiling, sums, tiles * piece / sums.pieces,
                     tiles * (piece + 1) / sums.pieces, input, output,
                     parts + piece * sums.piece_size() + sums.offset(input, output));
    }
  });
  parallel_ranges(sums.outputs / lanes<T> * sums.inputs, 16, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t output = i / sums.inputs * lanes<T>, input = i % sums.inputs;
      transform_kernel_sums(parts, sums, input, output, dw);
    }
  });
}

#endif

}  // namespace

#ifdef CT_HAS_WINOGRAD
#pragma clang attribute pop

namespace {

bool has_registers() {
  static const bool supported = __builtin_cpu_supports("x86-64-v4");
  return supported;
}

at::Tensor dense_pictures(const at::Tensor &x) {
  return x.contiguous(at::MemoryFormat::ChannelsLast);
}

at::Tensor convolved(const at::Tensor &x, const at::Tensor &w, bool for_input_gradient) {
  const at::Tensor pictures = dense_pictures(x), kernels = w.contiguous();
  at::Tensor y = at::empty({x.size(0), w.size(for_input_gradient ? 1 : 0), x.size(2), x.size(3)},
                           x.options().memory_format(at::MemoryFormat::ChannelsLast));
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "winograd", [&] {
    const Kernels<scalar_t> side(kernels, for_input_gradient);
    at::Tensor transformed = at::empty({side.transformed_size()}, w.options());
    convolve(pictures.const_data_ptr<scalar_t>(), Tiling(x), side,
             transformed.mutable_data_ptr<scalar_t>(), y.mutable_data_ptr<scalar_t>());
  });
  return y;
}

}  // namespace

bool winograd_applies(const at::Tensor &x, const at::Tensor &w, int64_t stride, int64_t padding,
                      bool transposed) {
  const auto type = x.scalar_type();
  return has_registers() && x.is_cpu() && w.is_cpu() && type == w.scalar_type() &&
         (type == at::kFloat || type == at::kDouble) && x.dim() == 4 && w.dim() == 4 &&
         x.numel() > 0 && stride == 1 && padding == 1 && !transposed && w.size(2) == 3 &&
         w.size(3) == 3 && w.size(1) == x.size(1) && w.size(0) % 16 == 0 && w.size(1) % 16 == 0;
}

at::Tensor winograd_forward(const at::Tensor &x, const at::Tensor &w) {
  return convolved(x, w, /*for_input_gradient=*/false);
}

at::Tensor winograd_input_gradient(const at::Tensor &dy, const at::Tensor &w) {
  return convolved(dy, w, /*for_input_gradient=*/true);
}

at::Tensor winograd_weight_gradient(const at::Tensor &dy, const at::Tensor &x) {
  const at::Tensor incoming = dense_pictures(dy), pictures = dense_pictures(x);
  at::Tensor dw = at::empty({dy.size(1), x.size(1), 3, 3}, x.options());
  const Tiling tiling(x);
  const KernelSums sums(x.size(1), dy.size(1), tiling.count());
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "winograd_weight_gradient", [&] {
    at::Tensor parts = at::empty({sums.size()}, x.options());
    differentiate_by_kernels(incoming.const_data_ptr<scalar_t>(),
                             pictures.const_data_ptr<scalar_t>(), tiling, sums,
                             parts.mutable_data_ptr<scalar_t>(), dw.mutable_data_ptr<scalar_t>());
  });
  return dw;
}

#else

bool winograd_applies(const at::Tensor &, const at::Tensor &, int64_t, int64_t, bool) {
  return false;
}

at::Tensor winograd_forward(const at::Tensor &, const at::Tensor &) {
  TORCH_CHECK(false, "no Winograd convolution for this processor");
}

at::Tensor winograd_input_gradient(const at::Tensor &, const at::Tensor &) {
  TORCH_CHECK(false, "no Winograd convolution for this processor");
}

at::Tensor winograd_weight_gradient(const at::Tensor &, const at::Tensor &) {
  TORCH_CHECK(false, "no Winograd convolution for this processor");
}

#endif

}  // namespace ct
