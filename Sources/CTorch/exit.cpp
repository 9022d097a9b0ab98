// libtorch registers its thousands of operators when it is loaded and, at exit, takes each of them
// back: nearly as long again, to leave memory tidy that the system is about to drop. Handlers of exit
// run in reverse, so that one registered later can end the process before libtorch's.

#include "CTorch/process.h"

#include "CTorch/implementation/handles.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>

namespace {

void (*end_out_of_memory)(void) = nullptr;
std::terminate_handler former_handler = nullptr;

void terminate() {
  const std::exception_ptr error = std::current_exception();
  if (error && ct::guard([&] { std::rethrow_exception(error); }) == 2) end_out_of_memory();
  former_handler();
}

}  // namespace

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

void ct_on_unhandled_out_of_memory(void (*end)(void)) {
  end_out_of_memory = end;
  const auto handler = std::set_terminate(terminate);
  if (handler != terminate) former_handler = handler;
}
