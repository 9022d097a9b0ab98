#include "internal.h"

#include <stdio.h>
// jpeglib.h needs stdio.h before it.
#include <jerror.h>
#include <jpeglib.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

// All that must outlive a longjmp lives here, in the caller's frame. libjpeg hands the first member
// back to the callbacks, so the decompressor comes first.
typedef struct {
  struct jpeg_decompress_struct jpeg;
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  jmp_buf escape;
  char *message;
  uint8_t *cmyk_row;
} reader;

static void on_error(j_common_ptr common) {
  reader *state = (reader *)common;
  char text[JMSG_LENGTH_MAX];
  common->err->format_message(common, text);
  snprintf(state->message, ci_message_capacity, "%s", text);
  longjmp(state->escape, 1);
}

// libjpeg fills missing data with grey and only warns; a data set must not hold such pictures.
// Warnings that leave the pixels right (stray bytes, odd headers) pass.
static void on_message(j_common_ptr common, int level) {
  if (level >= 0) return;
  switch (common->err->msg_code) {
  case JWRN_JPEG_EOF:
  case JWRN_HIT_MARKER:
  case JWRN_HUFF_BAD_CODE:
  case JWRN_MUST_RESYNC:
    on_error(common);
    break;
  default:
    common->err->num_warnings++;
  }
}

static void on_output(j_common_ptr common) { (void)common; }

// A small file of thousands of progressive scans would keep the decoder busy for minutes.
static void on_progress(j_common_ptr common) {
  const int scans = ((j_decompress_ptr)common)->input_scan_number;
  if (scans <= 500) return;
  reader *state = (reader *)common;
  snprintf(state->message, ci_message_capacity, "more than 500 progressive scans");
  longjmp(state->escape, 1);
}

static unsigned number(const uint8_t *at, int size, int is_little_endian) {
  unsigned value = 0;
  for (int i = 0; i < size; i++) value = value << 8 | at[is_little_endian ? size - 1 - i : i];
  return value;
}

// The orientation in an APP1 EXIF segment (tag 0x0112 of the first TIFF directory); 1 without one.
static int exif_orientation(const struct jpeg_decompress_struct *jpeg) {
  for (jpeg_saved_marker_ptr marker = jpeg->marker_list; marker; marker = marker->next) {
    if (marker->marker != JPEG_APP0 + 1 || marker->data_length < 14) continue;
    if (memcmp(marker->data, "Exif\0\0", 6) != 0) continue;
    const uint8_t *tiff = marker->data + 6;
    const size_t length = marker->data_length - 6;
    const int little = tiff[0] == 'I';
    const size_t directory = number(tiff + 4, 4, little);
    if (directory > length || length - directory < 2) return 1;
    const unsigned entries = number(tiff + directory, 2, little);
    for (size_t i = 0; i < entries; i++) {
      const size_t entry = directory + 2 + 12 * i;
      if (entry + 12 > length) return 1;
      if (number(tiff + entry, 2, little) == 0x0112) return (int)number(tiff + entry + 8, 2, little);
    }
  }
  return 1;
}

// Adobe stores inverted ink: 255 is none. Others store it upright.
static void convert_cmyk(const uint8_t *cmyk, uint8_t *rgb, size_t width, int is_inverted) {
  for (size_t x = 0; x < width; x++) {
    const unsigned flip = is_inverted ? 0 : 255;
    const unsigned key = cmyk[4 * x + 3] ^ flip;
    for (size_t c = 0; c < 3; c++) {
      rgb[3 * x + c] = (uint8_t)(((cmyk[4 * x + c] ^ flip) * key + 127) / 255);
    }
  }
}

static ci_status read_all(
  reader *state, const uint8_t *bytes, size_t count, uint64_t pixel_limit, ci_image *image) {
  struct jpeg_decompress_struct *jpeg = &state->jpeg;
  jpeg->err = jpeg_std_error(&state->errors);
  state->errors.error_exit = on_error;
  state->errors.emit_message = on_message;
  state->errors.output_message = on_output;
  if (setjmp(state->escape)) {
    return state->errors.msg_code == JERR_OUT_OF_MEMORY ? ci_out_of_memory : ci_broken;
  }
  jpeg_create_decompress(jpeg);
  state->progress.progress_monitor = on_progress;
  jpeg->progress = &state->progress;
  jpeg_mem_src(jpeg, bytes, count);
  jpeg_save_markers(jpeg, JPEG_APP0 + 1, 0xffff);
  (void)jpeg_read_header(jpeg, TRUE);

  const int is_grey = jpeg->jpeg_color_space == JCS_GRAYSCALE;
  const int is_cmyk = jpeg->jpeg_color_space == JCS_CMYK || jpeg->jpeg_color_space == JCS_YCCK;
  jpeg->out_color_space = is_grey ? JCS_GRAYSCALE : is_cmyk ? JCS_CMYK : JCS_RGB;
  ci_status status = ci_allocate(
    jpeg->image_width, jpeg->image_height, is_grey ? 1 : 3, pixel_limit, image, state->message);
  if (status != ci_ok) return status;
  if (is_cmyk) {
    state->cmyk_row = malloc(4 * (size_t)jpeg->image_width);
    if (!state->cmyk_row) {
      snprintf(state->message, ci_message_capacity, "no memory for a row");
      return ci_out_of_memory;
    }
  }
  (void)jpeg_start_decompress(jpeg);
  const size_t stride = (size_t)image->width * (size_t)image->channels;
  while (jpeg->output_scanline < jpeg->output_height) {
    uint8_t *row = image->pixels + jpeg->output_scanline * stride;
    JSAMPROW target = is_cmyk ? state->cmyk_row : row;
    (void)jpeg_read_scanlines(jpeg, &target, 1);
    if (is_cmyk) convert_cmyk(target, row, jpeg->image_width, jpeg->saw_Adobe_marker);
  }
  const int orientation = exif_orientation(jpeg);
  (void)jpeg_finish_decompress(jpeg);
  return ci_orient(image, orientation, state->message);
}

ci_status ci_decode_jpeg(
  const uint8_t *bytes, size_t count, uint64_t pixel_limit, ci_image *image, char *message) {
  reader state;
  memset(&state, 0, sizeof state);
  state.message = message;
  const ci_status status = read_all(&state, bytes, count, pixel_limit, image);
  jpeg_destroy_decompress(&state.jpeg);
  free(state.cmyk_row);
  if (status != ci_ok) {
    free(image->pixels);
    image->pixels = NULL;
  }
  return status;
}
