// PNG and JPEG between bytes in memory and pixels in memory: the C side of Datasets.
//
// libpng and libjpeg report errors by longjmp, which must not cross Swift frames; here they end as a
// status and a message. Nothing prints, nothing exits, nothing global: calls may run on many threads.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// What became of a call.
typedef enum {
  ci_ok = 0,
  /// Neither PNG nor JPEG.
  ci_unknown_format,
  /// Damaged or cut short; the message says where.
  ci_broken,
  /// More pixels than the caller allows; nothing was allocated.
  ci_too_large,
  /// Memory ran out.
  ci_out_of_memory,
} ci_status;

/// The size of messages, with the terminating zero.
enum { ci_message_capacity = 256 };

/// Pixels of 8 bits, interleaved, rows from the top without padding.
typedef struct {
  int32_t width;
  int32_t height;
  /// 1 (grey) or 3 (red, green, blue).
  int32_t channels;
  /// Owned by the caller, who gives it to ci_free; NULL unless the status was ci_ok.
  uint8_t *pixels;
} ci_image;

/// Decodes a PNG or JPEG, told apart by their first bytes.
///
/// PNG: every colour type and depth; 16 bits are rounded to 8, palettes become RGB, alpha is dropped.
/// JPEG: grey and RGB (YCbCr); CMYK and YCCK are converted to RGB; an EXIF orientation is applied.
/// `message` holds `ci_message_capacity` characters and is set unless the status is ci_ok.
__attribute__((warn_unused_result))
ci_status ci_decode(
  const uint8_t *bytes, size_t count, uint64_t pixel_limit, ci_image *image, char *message);

/// Encodes grey or RGB pixels as an 8-bit PNG. `*bytes` is owned by the caller (ci_free).
__attribute__((warn_unused_result))
ci_status ci_encode_png(
  const uint8_t *pixels, int32_t width, int32_t height, int32_t channels, uint8_t **bytes,
  size_t *count, char *message);

/// Frees what the calls above gave; NULL is fine.
void ci_free(void *memory);
