// Checksums at the speed of memory where the processor has instructions for them.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The CRC-32 of zip and PNG (ISO 3309): that of `count` more bytes after those whose checksum is
// `checksum`; 0 begins.
uint32_t cc_crc32(uint32_t checksum, const void *_Nullable bytes, size_t count);

// SHA-256 (FIPS 180-4): takes `count` blocks of 64 bytes into the state.
void cc_sha256(uint32_t state[_Nonnull 8], const void *_Nullable blocks, size_t count);
// The same without the processor's own instructions.
void cc_sha256_portable(uint32_t state[_Nonnull 8], const void *_Nullable blocks, size_t count);

#ifdef __cplusplus
}
#endif
