// 1x1 convolutions from or to a few channels, such as RGB.
#pragma once

#include <ATen/ATen.h>

namespace ck {

// Whether a convolution is one of them, and there are passes for its operands.
bool has_few_channels(const at::Tensor &x, const at::Tensor &w, int64_t stride, int64_t padding,
                      bool transposed);

// The passes of such a convolution: y from x and w, the derivative by x from dy and w, and that by w
// from dy and x.
at::Tensor few_channels_forward(const at::Tensor &x, const at::Tensor &w);
at::Tensor few_channels_input_gradient(const at::Tensor &dy, const at::Tensor &w);
at::Tensor few_channels_weight_gradient(const at::Tensor &dy, const at::Tensor &x,
                                        const at::Tensor &w);

}  // namespace ck
