#include "CTorch/linear_algebra.h"

#include "CTorch/implementation/handles.h"

using namespace ct;

ct_status ct_tensor_sort(ct_tensor *result, ct_tensor x, int64_t dimension) {
  return guard([&] { wrap(result, std::get<0>(at::sort(unwrap(x), dimension))); });
}

ct_status ct_tensor_singular_values(ct_tensor *result, ct_tensor x) {
  return guard([&] { wrap(result, at::linalg_svdvals(unwrap(x))); });
}
