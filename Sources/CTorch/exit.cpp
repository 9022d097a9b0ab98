// libtorch registers its thousands of operators when it is loaded and, at exit, takes each of them
// back: nearly as long again, to leave memory tidy that the system is about to drop. Handlers of exit
// run in reverse, so that one registered later can end the process before libtorch's.

#include "CTorch/process.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

void ct_skip_teardown_at_exit() {
#ifdef __GLIBC__
  on_exit(
      [](int code, void *) {
        std::fflush(nullptr);
        _exit(code);
      },
      nullptr);
#endif
}
