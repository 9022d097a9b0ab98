// The CRC-32 of zip and PNG (ISO 3309) at the speed of memory where the processor has instructions
// for it, and zlib's otherwise.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The checksum of `count` more bytes after those whose checksum is `checksum`; 0 begins.
uint32_t cc_crc32(uint32_t checksum, const void *_Nullable bytes, size_t count);

#ifdef __cplusplus
}
#endif
