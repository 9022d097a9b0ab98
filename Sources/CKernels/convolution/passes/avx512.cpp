// The passes by tiles for AVX-512.
#if defined(__x86_64__) && defined(__linux__)

#define CK_TARGET "arch=x86-64-v4"
#include "dispatch.h"

namespace ck {

CK_INSTANTIATE_PASSES(AVX512, float);
CK_INSTANTIATE_PASSES(AVX512, double);
CK_INSTANTIATE_PASSES(AVX512, c10::BFloat16);

}  // namespace ck

#endif
