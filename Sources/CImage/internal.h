// Shared by the two decoders; not part of the face that Swift sees.
#pragma once

#include "CImage/CImage.h"

/// A picture as the file stores it: perhaps not upright.
typedef struct {
  uint32_t width;
  uint32_t height;
  int32_t channels;
  /// As EXIF counts, 1 to 8; 1 is upright.
  int orientation;
  /// Whether rows come only when all are decoded.
  int is_whole_only;
  /// What the decoder itself keeps of all pixels.
  uint64_t kept_bytes;
} ci_stored;

/// How one of the two formats is decoded; every function may be called once more after an error.
typedef struct {
  /// Makes the state and reads the header; NULL without memory.
  ci_status (*open)(
    const uint8_t *bytes, size_t count, void **state, ci_stored *stored, char *message);
  /// Decodes the next stored row.
  ci_status (*next)(void *state, uint8_t *row, char *message);
  /// Decodes all rows, one after another: instead of `next` where `is_whole_only`.
  ci_status (*all)(void *state, uint8_t *rows, char *message);
  /// Reads what follows the last row.
  ci_status (*end)(void *state, char *message);
  /// Frees the state.
  void (*close)(void *state);
} ci_decoder;

extern const ci_decoder ci_png_decoder;
extern const ci_decoder ci_jpeg_decoder;

/// The orientation (tag 0x0112 of the first directory) in EXIF data, from their TIFF header on; 1
/// without one.
int ci_exif_orientation(const uint8_t *tiff, size_t length);
