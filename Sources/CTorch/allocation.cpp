// Keeps memory that tensors have left, for the next ones.
//
// glibc gives back what is free at the end of its heap, and asks the kernel for each block above a
// threshold that starts small. An iteration allocates and frees the same sizes again, so that each
// time the kernel clears pages and maps them anew: several percent of the processor's time of a
// training iteration at 32x32. Blocks above 48 MiB, which 512 channels of 16 pictures of 35x35 stay below,
// remain the kernel's: in the heap they leave holes; the peak at 256x256 was half as large again with
// them (1 GiB as the threshold).

#include <cstdlib>

#if defined(__GLIBC__)
#include <malloc.h>

namespace {

// At load, before the first tensor; what the user has set in the environment stays.
[[maybe_unused]] const bool keeps_memory = [] {
  if (std::getenv("MALLOC_MMAP_THRESHOLD_") || std::getenv("MALLOC_TRIM_THRESHOLD_") ||
      std::getenv("GLIBC_TUNABLES")) {
    return false;
  }
  return mallopt(M_MMAP_THRESHOLD, 48 << 20) && mallopt(M_TRIM_THRESHOLD, 512 << 20);
}();

}  // namespace
#endif
