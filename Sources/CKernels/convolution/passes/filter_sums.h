// Where the sums of a gradient by the filter lie, and how they are cut into tasks.
//
// Bookkeeping, compiled for any processor: passes inline it.
#pragma once

#include <algorithm>
#include <cstdint>

#include "scratch.h"

namespace ck {

constexpr int64_t block_channels = 128;  // of either side

// The sums over tiles of a gradient by the filter, cut into tasks: rows of positions, blocks of both
// channels, and pieces of the tiles where these are few.
template <typename T>
struct FilterSums {
  int64_t inputs, outputs, positions, input_blocks, output_blocks, pieces;

  FilterSums(int64_t inputs, int64_t outputs, int64_t positions, int64_t rows, int64_t tiles)
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
    return positions * (inputs * outputs + padding<T> * input_blocks * output_blocks);
  }

  int64_t height(int64_t input) const { return std::min(block_channels, inputs - first(input)); }
  int64_t width(int64_t output) const { return std::min(block_channels, outputs - first(output)); }

  // Distance between positions in the block of a pair of channels.
  int64_t position_stride(int64_t input, int64_t output) const {
    return height(input) * width(output) + padding<T>;
  }

  // Where in a piece the block of a pair of channels begins.
  int64_t offset(int64_t input, int64_t output) const {
    const int64_t before = output / block_channels * input_blocks + input / block_channels;
    return positions *
           (first(output) * inputs + first(input) * width(output) + padding<T> * before);
  }

  // The first channel of the block of a channel.
  static int64_t first(int64_t channel) { return channel / block_channels * block_channels; }
};

}  // namespace ck
