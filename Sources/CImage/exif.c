#include "internal.h"

static unsigned number(const uint8_t *at, int size, int is_little_endian) {
  unsigned value = 0;
  for (int i = 0; i < size; i++) value = value << 8 | at[is_little_endian ? size - 1 - i : i];
  return value;
}

int ci_exif_orientation(const uint8_t *tiff, size_t length) {
  if (length < 8) return 1;
  const int little = tiff[0] == 'I';
  const size_t directory = number(tiff + 4, 4, little);
  if (directory > length || length - directory < 2) return 1;
  const unsigned entries = number(tiff + directory, 2, little);
  for (size_t i = 0; i < entries; i++) {
    const size_t entry = directory + 2 + 12 * i;
    if (entry + 12 > length) return 1;
    if (number(tiff + entry, 2, little) != 0x0112) continue;
    const unsigned orientation = number(tiff + entry + 8, 2, little);
    return orientation >= 1 && orientation <= 8 ? (int)orientation : 1;
  }
  return 1;
}
