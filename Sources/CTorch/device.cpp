#include <ATen/detail/CUDAHooksInterface.h>

#include "CTorch/device.h"
#include "CTorch/implementation/handles.h"

bool ct_device_is_built_in(ct_device_kind kind) {
  switch (kind) {
    case ct_cuda: return at::CUDAHooksRegistry()->Has("CUDAHooks");
    case ct_mps: return at::hasMPS();
    default: return true;
  }
}

int32_t ct_device_count(ct_device_kind kind) {
  int32_t count = 1;
  if (kind == ct_mps) return at::hasMPS() ? 1 : 0;
  if (kind != ct_cuda) return count;
  // A driver that is missing or too old is an exception in some versions, a count of 0 in others.
  const ct_status status =
      ct::guard([&] { count = at::detail::getCUDAHooks().deviceCount(); });
  return status == 0 && count > 0 ? count : 0;
}

ct_status ct_set_tf32(bool allowed) {
  return ct::guard([&] {
    at::globalContext().setAllowTF32CuBLAS(allowed);
    at::globalContext().setAllowTF32CuDNN(allowed);
  });
}
