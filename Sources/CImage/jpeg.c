#include "internal.h"

#include <stdio.h>
// jpeglib.h needs stdio.h before it.
#include <jerror.h>
#include <jpeglib.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

// All that must outlive a longjmp lives here, not in a frame. libjpeg hands the first member back to the
// callbacks, so the decompressor comes first.
typedef struct {
  struct jpeg_decompress_struct jpeg;
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  jmp_buf escape;
  char *message;
  uint8_t *cmyk_row;
  int is_cmyk;
  int has_started;
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

// A small file of thousands of progressive scans would keep the decoder busy for minutes. Usual ones
// have about ten; sixteen over the most pixels take a second.
static void on_progress(j_common_ptr common) {
  const j_decompress_ptr jpeg = (j_decompress_ptr)common;
  const uint64_t scans = (uint64_t)jpeg->input_scan_number;
  const uint64_t pixels = (uint64_t)jpeg->image_width * jpeg->image_height;
  if (scans <= 500 && (scans <= 16 || scans * pixels <= (uint64_t)1 << 30)) return;
  reader *state = (reader *)common;
  snprintf(state->message, ci_message_capacity, "more than %d progressive scans", (int)scans - 1);
  longjmp(state->escape, 1);
}

// The orientation in an APP1 EXIF segment; 1 without one.
static int exif_orientation(const struct jpeg_decompress_struct *jpeg) {
  for (jpeg_saved_marker_ptr marker = jpeg->marker_list; marker; marker = marker->next) {
    if (marker->marker != JPEG_APP0 + 1 || marker->data_length < 14) continue;
    if (memcmp(marker->data, "Exif\0\0", 6) != 0) continue;
    return ci_exif_orientation(marker->data + 6, marker->data_length - 6);
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

static ci_status failure(const reader *state) {
  return state->errors.msg_code == JERR_OUT_OF_MEMORY ? ci_out_of_memory : ci_broken;
}

static ci_status read_header(
  reader *state, const uint8_t *bytes, size_t count, ci_stored *stored) {
  struct jpeg_decompress_struct *jpeg = &state->jpeg;
  jpeg->err = jpeg_std_error(&state->errors);
  state->errors.error_exit = on_error;
  state->errors.emit_message = on_message;
  state->errors.output_message = on_output;
  if (setjmp(state->escape)) return failure(state);
  jpeg_create_decompress(jpeg);
  state->progress.progress_monitor = on_progress;
  jpeg->progress = &state->progress;
  jpeg_mem_src(jpeg, bytes, count);
  jpeg_save_markers(jpeg, JPEG_APP0 + 1, 0xffff);
  (void)jpeg_read_header(jpeg, TRUE);

  const int is_grey = jpeg->jpeg_color_space == JCS_GRAYSCALE;
  state->is_cmyk = jpeg->jpeg_color_space == JCS_CMYK || jpeg->jpeg_color_space == JCS_YCCK;
  jpeg->out_color_space = is_grey ? JCS_GRAYSCALE : state->is_cmyk ? JCS_CMYK : JCS_RGB;
  stored->width = jpeg->image_width;
  stored->height = jpeg->image_height;
  stored->channels = is_grey ? 1 : 3;
  stored->orientation = exif_orientation(jpeg);
  // Several scans: libjpeg keeps the coefficients of all blocks until the last one.
  if (jpeg_has_multiple_scans(jpeg)) {
    for (int i = 0; i < jpeg->num_components; i++) {
      const jpeg_component_info *component = &jpeg->comp_info[i];
      stored->kept_bytes += (uint64_t)component->width_in_blocks * component->height_in_blocks
        * sizeof(JBLOCK);
    }
  }
  return ci_ok;
}

static void close_reader(void *pointer) {
  reader *state = pointer;
  jpeg_destroy_decompress(&state->jpeg);
  free(state->cmyk_row);
  free(state);
}

static ci_status open_reader(
  const uint8_t *bytes, size_t count, void **pointer, ci_stored *stored, char *message) {
  reader *state = calloc(1, sizeof *state);
  if (!state) {
    snprintf(message, ci_message_capacity, "no memory for libjpeg");
    return ci_out_of_memory;
  }
  state->message = message;
  ci_status status = read_header(state, bytes, count, stored);
  if (status == ci_ok && state->is_cmyk) {
    state->cmyk_row = malloc(4 * (size_t)stored->width);
    if (!state->cmyk_row) {
      snprintf(message, ci_message_capacity, "no memory for a row");
      status = ci_out_of_memory;
    }
  }
  if (status != ci_ok) {
    close_reader(state);
    return status;
  }
  *pointer = state;
  return ci_ok;
}

static ci_status next_row(void *pointer, uint8_t *row, char *message) {
  reader *state = pointer;
  struct jpeg_decompress_struct *jpeg = &state->jpeg;
  state->message = message;
  if (setjmp(state->escape)) return failure(state);
  if (!state->has_started) {
    (void)jpeg_start_decompress(jpeg);
    state->has_started = 1;
  }
  JSAMPROW target = state->is_cmyk ? state->cmyk_row : row;
  (void)jpeg_read_scanlines(jpeg, &target, 1);
  if (state->is_cmyk) {
    convert_cmyk(state->cmyk_row, row, jpeg->image_width, jpeg->saw_Adobe_marker);
  }
  return ci_ok;
}

static ci_status end(void *pointer, char *message) {
  reader *state = pointer;
  state->message = message;
  if (setjmp(state->escape)) return failure(state);
  (void)jpeg_finish_decompress(&state->jpeg);
  return ci_ok;
}

// Rows always come one by one.
const ci_decoder ci_jpeg_decoder = {open_reader, next_row, NULL, end, close_reader};
