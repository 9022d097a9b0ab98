// Products of small matrices, on one thread.
#pragma once

#include <ATen/ATen.h>

namespace ck {

// a b for a [M, K] and b [K, N]; without a graph where none is recorded, and differentiable otherwise.
// What is not small, or lies in memory in another way than layers have it, is libtorch's.
at::Tensor small_product(const at::Tensor &a, const at::Tensor &b);

}  // namespace ck
