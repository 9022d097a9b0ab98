// The output transform A' m A of a tile's products m.
#pragma once

#include "target.h"
#include "tiles.h"
#include "vectors.h"

CK_BEGIN_TARGET

namespace ck {

// A' m A of a vector of channels, from its products, into y. Positions that do not count are zeros.
template <typename P, typename A, bool All, typename S, typename T>
CT_INLINED void transform_output(const Tiling<A> &tiling, const T *products,
                                 int64_t position_stride, S *y, const Pictures &pictures,
                                 const Tile<A> &tile, int64_t channel) {
  using V = Vector<P, T>;
  V rows[A::outputs][A::positions];
#pragma unroll
  for (int j = 0; j < A::positions; ++j) {
    V column[A::positions], made[A::outputs];
#pragma unroll
    for (int i = 0; i < A::positions; ++i) {
      column[i] = All || tiling.has_position(i, j)
                      ? load<P>(products + (i * A::positions + j) * position_stride)
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
      if (j < width) put<P>(target + (i * pictures.width + j) * pictures.channels, results[j]);
    }
  }
}

}  // namespace ck

CK_END_TARGET
