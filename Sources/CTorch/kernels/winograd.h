// Convolutions with 3x3 kernels, stride 1 and padding 1, with 2.25 times fewer multiplications than
// their definition.
#pragma once

#include <ATen/ATen.h>

namespace ct {

// Whether there are such passes for a convolution of these operands on this processor.
bool winograd_applies(const at::Tensor &x, const at::Tensor &w, int64_t stride, int64_t padding,
                    bool transposed);

// y [N, O, H, W] from x and w.
at::Tensor winograd_forward(const at::Tensor &x, const at::Tensor &w);

// The derivative by x, [N, I, H, W], from dy [N, O, H, W] and w.
at::Tensor winograd_input_gradient(const at::Tensor &dy, const at::Tensor &w);

// The derivative by w, [O, I, 3, 3], from dy and x.
at::Tensor winograd_weight_gradient(const at::Tensor &dy, const at::Tensor &x);

}  // namespace ct
