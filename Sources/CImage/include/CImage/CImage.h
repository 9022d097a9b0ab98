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
  /// More pixels, or more memory, than the caller allows; nothing was allocated.
  ci_too_large,
  /// Memory ran out.
  ci_out_of_memory,
} ci_status;

/// The size of messages, with the terminating zero.
enum { ci_message_capacity = 256 };

/// What a picture may cost.
typedef struct {
  /// The most pixels.
  uint64_t pixels;
  /// The most bytes that a decoder may keep: interlaced pictures, progressive ones and those that must
  /// be turned upright cannot be decoded row by row.
  uint64_t kept_bytes;
} ci_limits;

/// A picture that is being decoded: 8 bits per sample, interleaved, rows from the top, upright.
typedef struct ci_reader ci_reader;

/// The sizes of a picture as it is read.
typedef struct {
  int32_t width;
  int32_t height;
  /// 1 (grey) or 3 (red, green, blue).
  int32_t channels;
  /// How many bytes the decoder keeps while rows are read, its rows apart.
  uint64_t kept_bytes;
} ci_size;

/// Reads the header of a PNG or JPEG, told apart by their first bytes; decodes nothing yet.
///
/// PNG: every colour type and depth; 16 bits are rounded to 8, palettes become RGB, alpha is dropped.
/// JPEG: grey and RGB (YCbCr); CMYK and YCCK are converted to RGB. An EXIF orientation is applied.
/// `bytes` must stay until ci_close. `*reader` is owned by the caller (ci_close), and NULL unless the
/// status is ci_ok. `message` holds `ci_message_capacity` characters and is set unless it is.
__attribute__((warn_unused_result))
ci_status ci_open(
  const uint8_t *bytes, size_t count, ci_limits limits, ci_reader **reader, ci_size *size,
  char *message);

/// Decodes the next `count` rows, and leaves `columns` of each from `left` on in `rows`, one after
/// another without padding. With NULL for `rows` they are only passed by. After an error every further
/// call ends with the same one.
__attribute__((warn_unused_result))
ci_status ci_read_rows(
  ci_reader *reader, int32_t count, int32_t left, int32_t columns, uint8_t *rows, char *message);

/// Decodes what is left, so that damage is noticed wherever it is.
__attribute__((warn_unused_result))
ci_status ci_finish(ci_reader *reader, char *message);

/// Frees the reader; NULL is fine.
void ci_close(ci_reader *reader);

/// Encodes grey or RGB pixels as an 8-bit PNG. `*bytes` is owned by the caller (ci_free).
__attribute__((warn_unused_result))
ci_status ci_encode_png(
  const uint8_t *pixels, int32_t width, int32_t height, int32_t channels, uint8_t **bytes,
  size_t *count, char *message);

/// Frees what ci_encode_png gave; NULL is fine.
void ci_free(void *memory);
