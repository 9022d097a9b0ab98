#include "internal.h"

#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

ci_status ci_decode(
  const uint8_t *bytes, size_t count, uint64_t pixel_limit, ci_image *image, char *message) {
  static const uint8_t png[8] = {0x89, 'P', 'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a};
  static const uint8_t jpeg[3] = {0xff, 0xd8, 0xff};
  memset(image, 0, sizeof *image);
  message[0] = 0;
  if (count >= sizeof png && memcmp(bytes, png, sizeof png) == 0) {
    return ci_decode_png(bytes, count, pixel_limit, image, message);
  }
  if (count >= sizeof jpeg && memcmp(bytes, jpeg, sizeof jpeg) == 0) {
    return ci_decode_jpeg(bytes, count, pixel_limit, image, message);
  }
  snprintf(message, ci_message_capacity, "neither PNG nor JPEG");
  return ci_unknown_format;
}

ci_status ci_allocate(
  uint64_t width, uint64_t height, int32_t channels, uint64_t pixel_limit, ci_image *image,
  char *message) {
  // Both formats keep sizes in at most 32 bits, so the product cannot wrap.
  if (width * height > pixel_limit) {
    snprintf(
      message, ci_message_capacity, "%llu x %llu pixels, more than the limit of %llu",
      (unsigned long long)width, (unsigned long long)height, (unsigned long long)pixel_limit);
    return ci_too_large;
  }
  image->pixels = malloc((size_t)(width * height * (uint64_t)channels));
  if (!image->pixels) {
    snprintf(
      message, ci_message_capacity, "no memory for %llu x %llu pixels", (unsigned long long)width,
      (unsigned long long)height);
    return ci_out_of_memory;
  }
  image->width = (int32_t)width;
  image->height = (int32_t)height;
  image->channels = channels;
  return ci_ok;
}

ci_status ci_orient(ci_image *image, int orientation, char *message) {
  if (orientation < 2 || orientation > 8) return ci_ok;
  const size_t width = (size_t)image->width, height = (size_t)image->height;
  const size_t channels = (size_t)image->channels;
  const int swaps_axes = orientation >= 5;
  const size_t new_width = swaps_axes ? height : width;
  const size_t new_height = swaps_axes ? width : height;
  uint8_t *turned = malloc(width * height * channels);
  if (!turned) {
    snprintf(message, ci_message_capacity, "no memory to turn the picture upright");
    return ci_out_of_memory;
  }
  // 2 mirrored, 3 upside down, 4 flipped, 5 transposed, 6 to be turned right, 7 transverse, 8 left.
  const int mirrors_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const int mirrors_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  for (size_t y = 0; y < new_height; y++) {
    for (size_t x = 0; x < new_width; x++) {
      size_t source_x = swaps_axes ? y : x;
      size_t source_y = swaps_axes ? x : y;
      if (mirrors_x) source_x = width - 1 - source_x;
      if (mirrors_y) source_y = height - 1 - source_y;
      memcpy(
        turned + (y * new_width + x) * channels,
        image->pixels + (source_y * width + source_x) * channels, channels);
    }
  }
  free(image->pixels);
  image->pixels = turned;
  image->width = (int32_t)new_width;
  image->height = (int32_t)new_height;
  return ci_ok;
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
