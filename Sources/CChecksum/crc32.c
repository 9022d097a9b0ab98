#include <string.h>
#include <zlib.h>

#include "CChecksum/CChecksum.h"

// zlib computes about one byte a cycle. The instructions below compute 8 and more, so that checking
// a checkpoint costs no more than looking at it.

#if defined(__x86_64__)

#include <immintrin.h>

// Carry-less multiplication folds the message: a polynomial A(x) x^n + B(x) leaves the same
// remainder modulo P as A(x) (x^n mod P) + B(x). Four registers of 128 bits fold side by side by
// n = 512; the powers are those of Gopal et al., "Fast CRC Computation for Generic Polynomials Using
// PCLMULQDQ Instruction" (Intel, 2009), reflected: x^(512+32), x^(512-32); x^(128+32), x^(128-32).
__attribute__((target("pclmul,sse4.1"))) static __m128i fold(
    __m128i folded, __m128i next, __m128i powers) {
  const __m128i low = _mm_clmulepi64_si128(folded, powers, 0x00);
  const __m128i high = _mm_clmulepi64_si128(folded, powers, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

__attribute__((target("pclmul,sse4.1"))) static uint32_t crc32_folding(
    uint32_t checksum, const uint8_t *bytes, size_t count) {
  const __m128i by512 = _mm_set_epi64x(0x01c6e41596, 0x0154442bd4);
  const __m128i by128 = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);
  __m128i lanes[4];
  for (int i = 0; i < 4; ++i) lanes[i] = _mm_loadu_si128((const __m128i *)(bytes + 16 * i));
  // The register starts at the complement of the checksum so far, added to the first bits.
  lanes[0] = _mm_xor_si128(lanes[0], _mm_cvtsi32_si128((int)~checksum));
  for (bytes += 64, count -= 64; count >= 64; bytes += 64, count -= 64) {
    for (int i = 0; i < 4; ++i) {
      lanes[i] = fold(lanes[i], _mm_loadu_si128((const __m128i *)(bytes + 16 * i)), by512);
    }
  }
  __m128i folded = lanes[0];
  for (int i = 1; i < 4; ++i) folded = fold(folded, lanes[i], by128);
  // What is left is a message of 16 bytes with the same remainder, then the tail: for zlib, which
  // complements its argument, from a register of zero.
  uint8_t rest[16];
  _mm_storeu_si128((__m128i *)rest, folded);
  return (uint32_t)crc32_z(crc32_z(~(uint32_t)0, rest, sizeof rest), bytes, count);
}

uint32_t cc_crc32(uint32_t checksum, const void *bytes, size_t count) {
  if (count >= 128 && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1")) {
    return crc32_folding(checksum, bytes, count);
  }
  return count == 0 ? checksum : (uint32_t)crc32_z(checksum, bytes, count);
}

#elif defined(__aarch64__) && defined(__ARM_FEATURE_CRC32)

#include <arm_acle.h>

uint32_t cc_crc32(uint32_t checksum, const void *bytes, size_t count) {
  const uint8_t *next = bytes;
  uint32_t register_ = ~checksum;
  for (; count >= 8; next += 8, count -= 8) {
    uint64_t word;
    memcpy(&word, next, sizeof word);
    register_ = __crc32d(register_, word);
  }
  for (; count > 0; ++next, --count) register_ = __crc32b(register_, *next);
  return ~register_;
}

#else

uint32_t cc_crc32(uint32_t checksum, const void *bytes, size_t count) {
  return count == 0 ? checksum : (uint32_t)crc32_z(checksum, bytes, count);
}

#endif
