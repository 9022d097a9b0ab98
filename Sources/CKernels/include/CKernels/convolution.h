// Convolutions without a bias, and their transposes, differentiable twice.
#pragma once

#include "CTorch/CTorch.h"

CT_BEGIN_DECLARATIONS

// x [N, I, H, W]; weight [O, I, k, k], or [I, O, k, k] of a transposed one.
CT_CHECKED ct_status ck_convolution(
    ct_tensor *CT_NONNULL result, ct_tensor x, ct_tensor weight, int64_t stride, int64_t padding,
    bool transposed);
// The kernel, a `ck_kernel`, that makes the output of such a convolution; -1 where libtorch does.
CT_CHECKED ct_status ck_convolution_kernel(
    int32_t *CT_NONNULL result, ct_tensor x, ct_tensor weight, int64_t stride, int64_t padding,
    bool transposed);

// One pass of a convolution without a graph: its output, and its derivatives by x and by its weight,
// given that by its output. By the route in use, or by libtorch.
CT_CHECKED ct_status ck_convolution_output(
    ct_tensor *CT_NONNULL result, ct_tensor x, ct_tensor weight, int64_t stride, int64_t padding,
    bool transposed, bool by_libtorch);
CT_CHECKED ct_status ck_convolution_input_gradient(
    ct_tensor *CT_NONNULL result, ct_tensor dy, ct_tensor x, ct_tensor weight, int64_t stride,
    int64_t padding, bool transposed, bool by_libtorch);
CT_CHECKED ct_status ck_convolution_weight_gradient(
    ct_tensor *CT_NONNULL result, ct_tensor dy, ct_tensor x, ct_tensor weight, int64_t stride,
    int64_t padding, bool transposed, bool by_libtorch);

CT_END_DECLARATIONS
