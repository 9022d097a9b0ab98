// Pictures as convolutions read them.
//
// Bookkeeping, compiled for any processor: passes inline it.
#pragma once

#include <vector>

#include "processors.h"

namespace ck {

// Pictures with as many zeros around them as a filter, or a tile, reaches beyond.
template <typename S>
class PaddedInput {
 public:
  PaddedInput(const S *x, const Pictures &pictures)
      : x_(x), pictures_(pictures), zeros_(pictures.channels, S(0)) {}

  // The channels of a pixel; zeros outside.
  const S *pixel(int64_t image, int64_t row, int64_t column) const {
    const bool exists =
        row >= 0 && row < pictures_.height && column >= 0 && column < pictures_.width;
    return exists ? x_ + pictures_.pixel(image, row, column) : zeros();
  }
  const S *zeros() const { return zeros_.data(); }

  // Where a pixel inside begins, and what the pictures measure.
  const S *start(int64_t image, int64_t row, int64_t column) const {
    return x_ + pictures_.pixel(image, row, column);
  }
  const Pictures &pictures() const { return pictures_; }

 private:
  const S *const x_;
  const Pictures &pictures_;
  const std::vector<S> zeros_;
};

}  // namespace ck
