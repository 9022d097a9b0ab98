// The passes of bfloat16 for AVX-512 with products of pairs of it.
#if defined(__x86_64__) && defined(__linux__)

#define CK_TARGET "arch=x86-64-v4,avx512bf16"
#include "dispatch.h"

namespace ck {

CK_INSTANTIATE_PASSES(AVX512BFloat16, c10::BFloat16);

}  // namespace ck

#endif
