// The input transform B' d B of a tile's values d, and A dy A' of incoming gradients: they have one form.
#pragma once

#include "padded_input.h"
#include "target.h"
#include "tiles.h"
#include "vectors.h"

CK_BEGIN_TARGET

namespace ck {

// A square of Size x Size vectors within a picture.
template <typename P, int Size, typename S>
struct InnerSquare {
  const S *corner;
  int64_t row_stride, column_stride;

  // Row i, column j of the square, at the channels from c on.
  CT_INLINED auto vector(int i, int j, int64_t c) const {
    return load<P>(corner + i * row_stride + j * column_stride + c);
  }
};

// One that reaches beyond: each vector has an address of its own, outside that of zeros.
template <typename P, int Size, typename S>
struct BorderSquare {
  const S *places[Size][Size];

  CT_INLINED auto vector(int i, int j, int64_t c) const { return load<P>(places[i][j] + c); }
};

// Calls `body` with the square of pixels that begins at a row and a column, of the type that it then has.
template <typename P, int Size, typename S, typename Body>
CT_INLINED void with_square(const PaddedInput<S> &x, int64_t image, int64_t row, int64_t column,
                            Body &&body) {
  const Pictures &pictures = x.pictures();
  const int64_t column_stride = pictures.channels, row_stride = pictures.width * column_stride;
  const bool is_inside =
      row >= 0 && row + Size <= pictures.height && column >= 0 && column + Size <= pictures.width;
  if (is_inside) {
    return body(InnerSquare<P, Size, S>{x.start(image, row, column), row_stride, column_stride});
  }
  BorderSquare<P, Size, S> square;
  for (int i = 0; i < Size; ++i) {
    for (int j = 0; j < Size; ++j) square.places[i][j] = x.pixel(image, row + i, column + j);
  }
  body(square);
}

// B' d B of the first `count` channels of a square, into [positions, ...].
template <typename P, typename A, typename Square, typename T>
CT_INLINED void transform_square(const Square &square, int64_t count, T *result,
                                 int64_t position_stride) {
  using V = Vector<P, T>;
  for (int64_t c = 0; c < count; c += lanes<P, T>) {
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
        put<P>(result + (i * A::positions + j) * position_stride + c, made[i]);
      }
    }
  }
}

// B' d B of a tile.
template <typename P, typename A, typename S, typename T>
void transform_input(const PaddedInput<S> &x, const Tile<A> &tile, int64_t count, T *result,
                     int64_t position_stride) {
  with_square<P, A::inputs>(
      x, tile.image(), tile.input_row(),
      tile.input_column(), [&](const auto &square) __attribute__((always_inline)) {
        transform_square<P, A>(square, count, result, position_stride);
      });
}

// Row `Row` of B' d B, or of A dy A', of `count` channels of a square from its channel `first` on, into
// [positions in the row, ...]. `transform` is that of one axis.
template <typename P, int Row, int Positions, int Size, typename Square, typename T,
          typename Transform>
CT_INLINED void transform_row(const Square &square, int64_t first, int64_t count, T *result,
                              int64_t position_stride, Transform &&transform) {
  using V = Vector<P, T>;
  for (int64_t c = 0; c < count; c += lanes<P, T>) {
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
    for (int j = 0; j < Positions; ++j) put<P>(result + j * position_stride + c, made[j]);
  }
}

}  // namespace ck

CK_END_TARGET
