#include "internal.h"

#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ci_reader {
  const ci_decoder *decoder;
  void *state;
  ci_stored stored;
  /// Sizes upright.
  uint32_t width, height;
  /// How many upright rows were read.
  uint32_t position;
  /// One stored row; NULL where all are kept.
  uint8_t *row;
  /// All stored rows, where they cannot be given as they come; decoded before the first is read.
  uint8_t *pixels;
  /// What became of the first row that could not be given; all that follow end the same way.
  ci_status failure;
  char message[ci_message_capacity];
};

static int keeps_pixels(const ci_reader *reader) {
  return reader->stored.is_whole_only || reader->stored.orientation != 1;
}

static ci_status check_limits(
  const ci_reader *reader, ci_limits limits, ci_size *size, char *message) {
  // Both formats keep sizes in at most 32 bits, so the product cannot wrap.
  const uint64_t pixels = (uint64_t)reader->width * reader->height;
  if (pixels > limits.pixels) {
    snprintf(
      message, ci_message_capacity, "%u x %u pixels, more than the limit of %llu", reader->width,
      reader->height, (unsigned long long)limits.pixels);
    return ci_too_large;
  }
  size->kept_bytes = reader->stored.kept_bytes
    + (keeps_pixels(reader) ? pixels * (uint64_t)reader->stored.channels : 0);
  if (size->kept_bytes > limits.kept_bytes) {
    snprintf(
      message, ci_message_capacity,
      "%u x %u pixels that are interlaced, progressive or to be turned upright need %llu MiB, more "
      "than so small a file may take",
      reader->width, reader->height, (unsigned long long)(size->kept_bytes >> 20));
    return ci_too_large;
  }
  return ci_ok;
}

ci_status ci_open(
  const uint8_t *bytes, size_t count, ci_limits limits, ci_reader **result, ci_size *size,
  char *message) {
  static const uint8_t png[8] = {0x89, 'P', 'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a};
  static const uint8_t jpeg[3] = {0xff, 0xd8, 0xff};
  *result = NULL;
  memset(size, 0, sizeof *size);
  message[0] = 0;
  const ci_decoder *decoder = NULL;
  if (count >= sizeof png && memcmp(bytes, png, sizeof png) == 0) decoder = &ci_png_decoder;
  if (count >= sizeof jpeg && memcmp(bytes, jpeg, sizeof jpeg) == 0) decoder = &ci_jpeg_decoder;
  if (!decoder) {
    snprintf(message, ci_message_capacity, "neither PNG nor JPEG");
    return ci_unknown_format;
  }
  ci_reader *reader = calloc(1, sizeof *reader);
  if (!reader) {
    snprintf(message, ci_message_capacity, "no memory for a decoder");
    return ci_out_of_memory;
  }
  reader->decoder = decoder;
  ci_status status = decoder->open(bytes, count, &reader->state, &reader->stored, message);
  if (status == ci_ok) {
    const int swaps_axes = reader->stored.orientation >= 5;
    reader->width = swaps_axes ? reader->stored.height : reader->stored.width;
    reader->height = swaps_axes ? reader->stored.width : reader->stored.height;
    status = check_limits(reader, limits, size, message);
  }
  if (status != ci_ok) {
    ci_close(reader);
    return status;
  }
  size->width = (int32_t)reader->width;
  size->height = (int32_t)reader->height;
  size->channels = reader->stored.channels;
  *result = reader;
  return ci_ok;
}

/// Takes the memory for pixels before the first row, and decodes all where that is needed.
static ci_status prepare(ci_reader *reader, char *message) {
  if (reader->row || reader->pixels) return ci_ok;
  const size_t row_bytes = (size_t)reader->stored.width * (size_t)reader->stored.channels;
  const size_t rows = keeps_pixels(reader) ? reader->stored.height : 1;
  uint8_t *memory = malloc(row_bytes * rows);
  if (!memory) {
    snprintf(
      message, ci_message_capacity, "no memory for %u x %u pixels", reader->width, reader->height);
    return ci_out_of_memory;
  }
  if (!keeps_pixels(reader)) {
    reader->row = memory;
    return ci_ok;
  }
  reader->pixels = memory;
  if (reader->stored.is_whole_only) {
    return reader->decoder->all(reader->state, memory, message);
  }
  for (size_t y = 0; y < rows; y++) {
    const ci_status status =
      reader->decoder->next(reader->state, memory + y * row_bytes, message);
    if (status != ci_ok) return status;
  }
  return ci_ok;
}

/// An upright row of kept pixels: mirrored or turned as the EXIF orientation asks.
static void turn_row(const ci_reader *reader, uint32_t y, int32_t left, int32_t columns, uint8_t *row) {
  const size_t width = reader->stored.width, height = reader->stored.height;
  const size_t channels = (size_t)reader->stored.channels;
  // 2 mirrored, 3 upside down, 4 flipped, 5 transposed, 6 to be turned right, 7 transverse, 8 left.
  const int orientation = reader->stored.orientation;
  const int swaps_axes = orientation >= 5;
  const int mirrors_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const int mirrors_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  for (size_t i = 0; i < (size_t)columns; i++) {
    const size_t x = (size_t)left + i;
    size_t source_x = swaps_axes ? y : x;
    size_t source_y = swaps_axes ? x : y;
    if (mirrors_x) source_x = width - 1 - source_x;
    if (mirrors_y) source_y = height - 1 - source_y;
    memcpy(
      row + i * channels, reader->pixels + (source_y * width + source_x) * channels, channels);
  }
}

ci_status ci_read_rows(
  ci_reader *reader, int32_t count, int32_t left, int32_t columns, uint8_t *rows, char *message) {
  message[0] = 0;
  ci_status status = reader->failure;
  if (status != ci_ok) {
    memcpy(message, reader->message, sizeof reader->message);
    return status;
  }
  status = prepare(reader, message);
  const size_t channels = (size_t)reader->stored.channels;
  const size_t bytes = (size_t)columns * channels;
  for (int32_t i = 0; status == ci_ok && i < count; i++) {
    if (reader->pixels) {
      if (rows) turn_row(reader, reader->position, left, columns, rows + (size_t)i * bytes);
    } else {
      status = reader->decoder->next(reader->state, reader->row, message);
      if (status == ci_ok && rows) {
        memcpy(rows + (size_t)i * bytes, reader->row + (size_t)left * channels, bytes);
      }
    }
    reader->position++;
  }
  if (status != ci_ok) {
    reader->failure = status;
    memcpy(reader->message, message, sizeof reader->message);
  }
  return status;
}

ci_status ci_finish(ci_reader *reader, char *message) {
  const int32_t rest = (int32_t)(reader->height - reader->position);
  const ci_status status = ci_read_rows(reader, rest, 0, 0, NULL, message);
  return status == ci_ok ? reader->decoder->end(reader->state, message) : status;
}

void ci_close(ci_reader *reader) {
  if (!reader) return;
  if (reader->state) reader->decoder->close(reader->state);
  free(reader->row);
  free(reader->pixels);
  free(reader);
}

ci_status ci_encode_png(
  const uint8_t *pixels, int32_t width, int32_t height, int32_t channels, uint8_t **bytes,
  size_t *count, char *message) {
  *bytes = NULL;
  *count = 0;
  message[0] = 0;
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  image.width = (png_uint_32)width;
  image.height = (png_uint_32)height;
  image.format = channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  uint8_t *buffer = malloc(size);
  if (!buffer) {
    snprintf(message, ci_message_capacity, "no memory for a PNG of %d x %d", width, height);
    return ci_out_of_memory;
  }
  if (!png_image_write_to_memory(&image, buffer, &size, 0, pixels, width * channels, NULL)) {
    snprintf(message, ci_message_capacity, "%s", image.message);
    free(buffer);
    return ci_broken;
  }
  uint8_t *fitted = realloc(buffer, size);
  *bytes = fitted ? fitted : buffer;
  *count = size;
  return ci_ok;
}

void ci_free(void *memory) { free(memory); }
