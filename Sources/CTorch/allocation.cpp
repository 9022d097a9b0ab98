// Keeps memory that tensors have left, for the next ones.
//
// glibc gives back what is free at the end of its heap, and asks the kernel for each block above a
// threshold that starts small. An iteration allocates and frees the same sizes again, so that each
// time the kernel clears pages and maps them anew: several percent of the processor's time of a
// training iteration at 32x32. Blocks above 32 MiB remain the kernel's: in the heap they leave holes,
// the peak at 256x256 is a fifth higher at 48 MiB and half as much again at 1 GiB; 4 MiB saves another
// quarter and costs a quarter of the speed. At 32x32 and 512 channels 32 MiB is as fast as 48.

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
  return mallopt(M_MMAP_THRESHOLD, 32 << 20) && mallopt(M_TRIM_THRESHOLD, 512 << 20);
}();

}  // namespace
#endif
