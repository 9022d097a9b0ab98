#include <string.h>

#include "CChecksum/CChecksum.h"

// FIPS 180-4; the letters are those of the standard.
static const uint32_t round_constants[64] __attribute__((aligned(16))) = {
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t turned(uint32_t word, int count) { return word >> count | word << (32 - count); }

void cc_sha256_portable(uint32_t state[8], const void *blocks, size_t count) {
  const uint8_t *next = blocks;
  for (; count > 0; --count, next += 64) {
    uint32_t w[64];
    for (int t = 0; t < 16; ++t) {
      memcpy(&w[t], next + 4 * t, 4);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
      w[t] = __builtin_bswap32(w[t]);
#endif
    }
    for (int t = 16; t < 64; ++t) {
      const uint32_t sigma0 = turned(w[t - 15], 7) ^ turned(w[t - 15], 18) ^ (w[t - 15] >> 3);
      const uint32_t sigma1 = turned(w[t - 2], 17) ^ turned(w[t - 2], 19) ^ (w[t - 2] >> 10);
      w[t] = w[t - 16] + sigma0 + w[t - 7] + sigma1;
    }
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (int t = 0; t < 64; ++t) {
      const uint32_t first = h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) +
                             ((e & f) ^ (~e & g)) + round_constants[t] + w[t];
      const uint32_t second =
        (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g, g = f, f = e, e = d + first;
      d = c, c = b, b = a, a = first + second;
    }
    const uint32_t letters[8] = {a, b, c, d, e, f, g, h};
    for (int i = 0; i < 8; ++i) state[i] += letters[i];
  }
}

#if defined(__x86_64__)

#include <immintrin.h>

// The processor's own rounds, two an instruction: it wants the letters as ABEF and CDGH.
__attribute__((target("sha,sse4.1"))) static void sha256_by_instructions(
    uint32_t state[8], const uint8_t *next, size_t count) {
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  __m128i abef = _mm_set_epi32((int)state[0], (int)state[1], (int)state[4], (int)state[5]);
  __m128i cdgh = _mm_set_epi32((int)state[2], (int)state[3], (int)state[6], (int)state[7]);
  for (; count > 0; --count, next += 64) {
    const __m128i former_abef = abef, former_cdgh = cdgh;
    __m128i w[16];
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; ++i) {
      if (i < 4) {
        w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)next + i), big_endian);
      } else {
        const __m128i sum = _mm_add_epi32(
            _mm_sha256msg1_epu32(w[i - 4], w[i - 3]), _mm_alignr_epi8(w[i - 1], w[i - 2], 4));
        w[i] = _mm_sha256msg2_epu32(sum, w[i - 1]);
      }
      const __m128i wk =
        _mm_add_epi32(w[i], _mm_load_si128((const __m128i *)round_constants + i));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, wk);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(wk, 0x0E));
    }
    abef = _mm_add_epi32(abef, former_abef);
    cdgh = _mm_add_epi32(cdgh, former_cdgh);
  }
  uint32_t feba[4], hgdc[4];
  _mm_storeu_si128((__m128i *)feba, abef);
  _mm_storeu_si128((__m128i *)hgdc, cdgh);
  state[0] = feba[3], state[1] = feba[2], state[4] = feba[1], state[5] = feba[0];
  state[2] = hgdc[3], state[3] = hgdc[2], state[6] = hgdc[1], state[7] = hgdc[0];
}

#include <cpuid.h>

static int has_sha_instructions(void) {
  unsigned a, b, c, d;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & (1u << 29)) != 0 &&
         __builtin_cpu_supports("sse4.1");
}

void cc_sha256(uint32_t state[8], const void *blocks, size_t count) {
  if (has_sha_instructions()) {
    sha256_by_instructions(state, blocks, count);
  } else {
    cc_sha256_portable(state, blocks, count);
  }
}

#else

void cc_sha256(uint32_t state[8], const void *blocks, size_t count) {
  cc_sha256_portable(state, blocks, count);
}

#endif
