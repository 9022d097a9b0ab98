// The passes by tiles for AVX2.
#if defined(__x86_64__) && defined(__linux__)

#define CK_TARGET "arch=x86-64-v3"
#include "dispatch.h"

namespace ck {

CK_INSTANTIATE_PASSES(AVX2, float);
CK_INSTANTIATE_PASSES(AVX2, double);
CK_INSTANTIATE_PASSES(AVX2, c10::BFloat16);

}  // namespace ck

#endif
