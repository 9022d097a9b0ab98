// What a convolution's outputs are cut into: tiles, of which an algorithm A makes one at a time.
//
// Bookkeeping, compiled for any processor: passes inline it.
#pragma once

#include <array>
#include <cstdint>

#include "processors.h"

namespace ck {

constexpr int64_t most_tiles = 48;  // in a block

// Positions of a square tile.
template <typename A>
constexpr int positions = A::positions * A::positions;

// Neighbouring tiles along one side of pictures, and the number of their positions that count.
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
  const bool is_lone = results - last * A::outputs == 1;
  const int last_positions = is_lone ? A::lone_positions : A::positions;
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

// An iterator over the tiles of a tiling.
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
  // Row and column of the first result.
  int64_t row() const { return row_ * A::outputs; }
  int64_t column() const { return column_ * A::outputs; }
  // Row and column of the first value, which may lie outside the picture.
  int64_t input_row() const { return row_ * A::step - A::before; }
  int64_t input_column() const { return column_ * A::step - A::before; }

 private:
  const Tiling<A> tiling_;
  int64_t image_, row_, column_;
};

}  // namespace ck
