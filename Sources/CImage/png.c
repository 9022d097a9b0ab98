#include "internal.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// All that must outlive a longjmp lives here, in the caller's frame.
typedef struct {
  const uint8_t *bytes;
  size_t remaining;
  char *message;
  png_structp png;
  png_infop info;
  png_bytep *rows;
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

static ci_status read_all(reader *state, uint64_t pixel_limit, ci_image *image) {
  state->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, state, on_error, on_warning);
  if (state->png) state->info = png_create_info_struct(state->png);
  if (!state->info) {
    snprintf(state->message, ci_message_capacity, "no memory for libpng");
    return ci_out_of_memory;
  }
  if (setjmp(png_jmpbuf(state->png))) return ci_broken;

  // The pixel limit bounds the size; libpng's own bound on each side (1,000,000) stays.
  png_set_read_fn(state->png, state, on_read);
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
  (void)png_set_interlace_handling(state->png);
  png_read_update_info(state->png, state->info);

  const uint64_t width = png_get_image_width(state->png, state->info);
  const uint64_t height = png_get_image_height(state->png, state->info);
  const int32_t channels = is_grey ? 1 : 3;
  const ci_status status =
    ci_allocate(width, height, channels, pixel_limit, image, state->message);
  if (status != ci_ok) return status;
  if (png_get_rowbytes(state->png, state->info) != width * (uint64_t)channels) {
    png_error(state->png, "an unexpected pixel layout");
  }
  state->rows = malloc(height * sizeof(png_bytep));
  if (!state->rows) {
    snprintf(state->message, ci_message_capacity, "no memory for the rows");
    return ci_out_of_memory;
  }
  for (uint64_t y = 0; y < height; y++) {
    state->rows[y] = image->pixels + y * width * (uint64_t)channels;
  }
  png_read_image(state->png, state->rows);
  png_read_end(state->png, NULL);
  return ci_ok;
}

ci_status ci_decode_png(
  const uint8_t *bytes, size_t count, uint64_t pixel_limit, ci_image *image, char *message) {
  reader state = {.bytes = bytes, .remaining = count, .message = message};
  const ci_status status = read_all(&state, pixel_limit, image);
  free(state.rows);
  if (state.png) png_destroy_read_struct(&state.png, &state.info, NULL);
  if (status != ci_ok) {
    free(image->pixels);
    image->pixels = NULL;
  }
  return status;
}
