// The passes of one convolution, outside every graph.
#pragma once

#include <ATen/ATen.h>

#include <optional>
#include <utility>

#include "CKernels/route.h"

namespace ck {

// A convolution without its operands: what all its passes have in common.
struct ConvolutionShape {
  int64_t stride, padding;
  bool transposed;
  // Whether libtorch's passes are taken where ours are faster, to compare them.
  bool by_libtorch = false;

  at::Tensor forward(const at::Tensor &x, const at::Tensor &w) const;

  // The kernel of ours that makes the output; none where libtorch does.
  std::optional<ck_kernel> kernel(const at::Tensor &x, const at::Tensor &w) const;

  // By x, by w, or both; what is not wanted is undefined.
  std::pair<at::Tensor, at::Tensor> backward(const at::Tensor &dy, const at::Tensor &x,
                                             const at::Tensor &w, bool by_x, bool by_w) const;

 private:
  // Who makes the passes; `upcast` converts to float, and asks again.
  enum class Backend { few_channels, tiles, upcast, libtorch };

  Backend backend(const at::Tensor &x, const at::Tensor &w) const;
};

// A convolution without a bias, or its transpose; differentiable any number of times.
at::Tensor convolution(const at::Tensor &x, const at::Tensor &weight, int64_t stride,
                       int64_t padding, bool transposed);

}  // namespace ck
