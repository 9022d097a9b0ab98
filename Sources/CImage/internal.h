// Shared by the two decoders; not part of the face that Swift sees.
#pragma once

#include "CImage/CImage.h"

ci_status ci_decode_png(
  const uint8_t *bytes, size_t count, uint64_t pixel_limit, ci_image *image, char *message);
ci_status ci_decode_jpeg(
  const uint8_t *bytes, size_t count, uint64_t pixel_limit, ci_image *image, char *message);

/// Checks the size against the limit, then allocates `image->pixels`.
ci_status ci_allocate(
  uint64_t width, uint64_t height, int32_t channels, uint64_t pixel_limit, ci_image *image,
  char *message);

/// Turns the pixels as the EXIF orientation (1 to 8; 1 is upright) asks.
ci_status ci_orient(ci_image *image, int orientation, char *message);
