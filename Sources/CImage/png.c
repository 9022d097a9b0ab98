#include "internal.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// All that must outlive a longjmp lives here, not in a frame.
typedef struct {
  const uint8_t *bytes;
  size_t remaining;
  char *message;
  png_structp png;
  png_infop info;
  png_bytep *rows;
  uint32_t height;
  size_t row_bytes;
} reader;

static void on_error(png_structp png, png_const_charp text) {
  reader *state = png_get_error_ptr(png);
  snprintf(state->message, ci_message_capacity, "%s", text);
  png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void on_read(png_structp png, png_bytep target, size_t count) {
  reader *state = png_get_io_ptr(png);
  if (count > state->remaining) png_error(png, "the file ends early");
  memcpy(target, state->bytes, count);
  state->bytes += count;
  state->remaining -= count;
}

// The eXIf chunk may stand before the pixels or after them, and rows are turned as they come: so it is
// looked for beforehand.
static int exif_orientation(const uint8_t *bytes, size_t count) {
  size_t at = 8;
  while (count - at >= 12) {
    const size_t length = (size_t)bytes[at] << 24 | (size_t)bytes[at + 1] << 16
      | (size_t)bytes[at + 2] << 8 | bytes[at + 3];
    if (length > count - at - 12) return 1;
    if (memcmp(bytes + at + 4, "eXIf", 4) == 0) {
      return ci_exif_orientation(bytes + at + 8, length);
    }
    at += length + 12;
  }
  return 1;
}

static ci_status read_header(reader *state, ci_stored *stored) {
  if (setjmp(png_jmpbuf(state->png))) return ci_broken;
  // The pixel limit bounds the size; libpng's own bound on each side (1,000,000) stays.
  png_set_read_fn(state->png, state, on_read);
  // Texts and profiles are of no use here; a few hundred bytes of them unpack to megabytes.
  static const png_byte unused[] = "iCCP\0iTXt\0sPLT\0tEXt\0zTXt";
  png_set_keep_unknown_chunks(
    state->png, PNG_HANDLE_CHUNK_NEVER, unused, (int)(sizeof unused / 5));
  png_read_info(state->png, state->info);
  const png_byte type = png_get_color_type(state->png, state->info);
  const int is_grey = !(type & PNG_COLOR_MASK_COLOR);

  png_set_scale_16(state->png);
  if (type == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(state->png);
  if (is_grey) png_set_expand_gray_1_2_4_to_8(state->png);
  // Alpha and the transparency of palettes are dropped, as data sets are usually read.
  if (png_get_valid(state->png, state->info, PNG_INFO_tRNS)) {
    png_set_tRNS_to_alpha(state->png);
  }
  png_set_strip_alpha(state->png);
  stored->is_whole_only = png_set_interlace_handling(state->png) > 1;
  png_read_update_info(state->png, state->info);

  stored->width = png_get_image_width(state->png, state->info);
  stored->height = png_get_image_height(state->png, state->info);
  stored->channels = is_grey ? 1 : 3;
  state->height = stored->height;
  state->row_bytes = (size_t)stored->width * (size_t)stored->channels;
  if (png_get_rowbytes(state->png, state->info) != state->row_bytes) {
    png_error(state->png, "an unexpected pixel layout");
  }
  return ci_ok;
}

static void close_reader(void *pointer) {
  reader *state = pointer;
  if (state->png) png_destroy_read_struct(&state->png, &state->info, NULL);
  free(state->rows);
  free(state);
}

static ci_status open_reader(
  const uint8_t *bytes, size_t count, void **pointer, ci_stored *stored, char *message) {
  reader *state = calloc(1, sizeof *state);
  if (state) {
    state->bytes = bytes;
    state->remaining = count;
    state->message = message;
    state->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, state, on_error, on_warning);
    if (state->png) state->info = png_create_info_struct(state->png);
  }
  if (!state || !state->info) {
    snprintf(message, ci_message_capacity, "no memory for libpng");
    if (state) close_reader(state);
    return ci_out_of_memory;
  }
  const ci_status status = read_header(state, stored);
  if (status != ci_ok) {
    close_reader(state);
    return status;
  }
  stored->orientation = exif_orientation(bytes, count);
  *pointer = state;
  return ci_ok;
}

static ci_status next_row(void *pointer, uint8_t *row, char *message) {
  reader *state = pointer;
  state->message = message;
  if (setjmp(png_jmpbuf(state->png))) return ci_broken;
  png_read_row(state->png, row, NULL);
  return ci_ok;
}

static ci_status all_rows(void *pointer, uint8_t *rows, char *message) {
  reader *state = pointer;
  state->message = message;
  state->rows = malloc(state->height * sizeof(png_bytep));
  if (!state->rows) {
    snprintf(message, ci_message_capacity, "no memory for the rows");
    return ci_out_of_memory;
  }
  for (uint32_t y = 0; y < state->height; y++) state->rows[y] = rows + y * state->row_bytes;
  if (setjmp(png_jmpbuf(state->png))) return ci_broken;
  png_read_image(state->png, state->rows);
  return ci_ok;
}

static ci_status end(void *pointer, char *message) {
  reader *state = pointer;
  state->message = message;
  if (setjmp(png_jmpbuf(state->png))) return ci_broken;
  png_read_end(state->png, NULL);
  return ci_ok;
}

const ci_decoder ci_png_decoder = {open_reader, next_row, all_rows, end, close_reader};
