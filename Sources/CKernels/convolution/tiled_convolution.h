// Convolutions by fewer multiplications than their definition takes; those of 1x1; and of bfloat16, where
// the processor multiplies pairs of it.
#pragma once

#include <ATen/ATen.h>

#include "CKernels/route.h"

namespace ck {

// Whether there are such passes for these operands on this processor.
bool has_tiled_passes(const at::Tensor &x, const at::Tensor &w, int64_t stride, int64_t padding,
                      bool transposed);

// Which kernel makes y.
ck_kernel tiled_kernel(const at::Tensor &x, const at::Tensor &w, int64_t stride,
                          bool transposed);

// The passes of a convolution to which they apply, or of its transpose: y from x and w, the derivative
// by x from dy and w, and that by w from dy and x.
at::Tensor tiled_forward(const at::Tensor &x, const at::Tensor &w, int64_t stride,
                            bool transposed);
at::Tensor tiled_input_gradient(const at::Tensor &dy, const at::Tensor &x, const at::Tensor &w,
                                   int64_t stride, bool transposed);
at::Tensor tiled_filter_gradient(const at::Tensor &dy, const at::Tensor &x, const at::Tensor &w,
                                    int64_t stride, bool transposed);

}  // namespace ck
