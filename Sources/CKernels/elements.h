// What the kernels share: element types and their arithmetic, the layout they read, and sums over
// pixels that come out the same whatever the layout and the number of threads.
#pragma once

#include <ATen/ATen.h>
#include <ATen/Dispatch.h>

#include <algorithm>
#include <bit>
#include <type_traits>
#include <vector>

#include <CTorch/implementation/parallel.h>
#include "route.h"

namespace ck {

// What elements are computed in: float for those that are stored as bfloat16.
template <typename T>
using Arithmetic = std::conditional_t<std::is_same_v<T, c10::BFloat16>, float, T>;

inline at::ScalarType arithmetic_type(const at::Tensor &x) {
  return at::isReducedFloatingType(x.scalar_type()) ? at::kFloat : x.scalar_type();
}

CT_INLINED float upcast(float x) { return x; }
CT_INLINED double upcast(double x) { return x; }
CT_INLINED float upcast(c10::BFloat16 x) {
  return std::bit_cast<float>(static_cast<uint32_t>(x.x) << 16);
}

CT_INLINED void store(float *target, float x) { *target = x; }
CT_INLINED void store(double *target, double x) { *target = x; }
// Rounds to nearest, ties to even, and keeps what is not a number. Branch-free, for the vectoriser.
CT_INLINED void store(c10::BFloat16 *target, float x) {
  const uint32_t bits = std::bit_cast<uint32_t>(x);
  const uint32_t rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  target->x = static_cast<uint16_t>((bits & 0x7fffffff) > 0x7f800000 ? 0x7fc0 : rounded);
}

// One call a kernel's element type; `scalar_t` names it in the body.
#define CT_DISPATCH(type, name, ...) \
  AT_DISPATCH_FLOATING_TYPES_AND(at::kBFloat16, type, name, __VA_ARGS__)

// Whether kernels of ours are in use, and take x: those whose elements are stored as they are computed.
inline bool has_unrounded_type(const at::Tensor &x) {
  return uses_kernels() && x.is_cpu() &&
         (x.scalar_type() == at::kFloat || x.scalar_type() == at::kDouble);
}

inline bool has_kernel_type(const at::Tensor &x) {
  return has_unrounded_type(x) ||
         (uses_kernels() && x.is_cpu() && x.scalar_type() == at::kBFloat16);
}

// The layout in which the channel is the fastest index: rows of C values.
inline at::Tensor channels_fastest(const at::Tensor &x) {
  return x.dim() == 4 ? x.contiguous(at::MemoryFormat::ChannelsLast) : x.contiguous();
}

// A small argument (bias, scale) as the kernel reads it: densely, in the type of the arithmetic.
inline at::Tensor argument(const at::Tensor &small, const at::Tensor &x) {
  return small.to(arithmetic_type(x)).contiguous();
}

// A small tensor of numbers computed one by one, `value(index)`: libtorch's operators, and its
// conversions, take longer than such numbers do.
template <typename Value>
at::Tensor small_tensor(at::IntArrayRef shape, at::ScalarType type, Value &&value) {
  at::Tensor result = at::empty(shape, type);
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kHalf, at::kBFloat16, type, "small_tensor", [&] {
    auto *target = result.mutable_data_ptr<scalar_t>();
    for (int64_t i = 0; i < result.numel(); ++i) target[i] = static_cast<scalar_t>(value(i));
  });
  return result;
}

// The elements of a small tensor, in order and in double precision.
inline std::vector<double> numbers(const at::Tensor &small) {
  const at::Tensor dense = small.contiguous();
  std::vector<double> result(dense.numel());
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kHalf, at::kBFloat16, small.scalar_type(), "numbers", [&] {
    const auto *source = dense.const_data_ptr<scalar_t>();
    for (size_t i = 0; i < result.size(); ++i) result[i] = static_cast<double>(source[i]);
  });
  return result;
}

// The rows of each image, cut into blocks of about 16,384 elements. The cut depends on the sizes
// alone: sums of blocks, added up in order, are the same on any number of threads.
struct RowBlocks {
  int64_t images, rows, channels, block_rows, blocks_per_image;

  RowBlocks(int64_t images, int64_t rows, int64_t channels)
      : images(images), rows(rows), channels(channels) {
    block_rows = std::max<int64_t>(1, 16384 / std::max<int64_t>(1, channels));
    blocks_per_image = (rows + block_rows - 1) / block_rows;
  }

  int64_t count() const { return images * blocks_per_image; }

  // Calls `body(block, image, row, rows)` for each block: `row` is its first within the image.
  template <typename Body>
  void for_each(Body &&body) const {
    parallel_ranges(count(), 1, [&](int64_t begin, int64_t end) {
      for (int64_t block = begin; block < end; ++block) {
        const int64_t row = block % blocks_per_image * block_rows;
        body(block, block / blocks_per_image, row, std::min(block_rows, rows - row));
      }
    });
  }
};

// The rows of pictures [N, C, H, W].
inline RowBlocks row_blocks(const at::Tensor &x) {
  return RowBlocks(x.size(0), x.size(2) * x.size(3), x.size(1));
}

// Sums of several quantities over the rows of each image, by channel: every block adds up its own,
// from zero.
template <typename A>
class ChannelSums {
 public:
  ChannelSums(const RowBlocks &blocks, int64_t quantities)
      : blocks_(blocks),
        size_(quantities * blocks.channels),
        parts_(blocks.count() * size_, A(0)) {}

  // [quantities][C]
  A *of_block(int64_t block) { return parts_.data() + block * size_; }

  // [quantities][images][C]
  std::vector<double> total() const {
    const int64_t quantities = size_ / std::max<int64_t>(1, blocks_.channels);
    std::vector<double> sums(size_ * blocks_.images);
    for (int64_t block = 0; block < blocks_.count(); ++block) {
      const int64_t image = block / blocks_.blocks_per_image;
      const A *part = parts_.data() + block * size_;
      for (int64_t q = 0; q < quantities; ++q) {
        double *target = sums.data() + (q * blocks_.images + image) * blocks_.channels;
        for (int64_t c = 0; c < blocks_.channels; ++c) {
          target[c] += part[q * blocks_.channels + c];
        }
      }
    }
    return sums;
  }

 private:
  RowBlocks blocks_;
  int64_t size_;
  std::vector<A> parts_;
};

}  // namespace ck
