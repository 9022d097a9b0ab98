// Fused operators with backward and double backward. Each has a file of its own in kernels/.
#pragma once

#include "CTorch/tensor.h"

CT_BEGIN_DECLARATIONS

// y = gain * leaky_relu(x + bias, slope); bias [C] along dimension 1 of x [N, C, ...].
CT_CHECKED ct_status ct_bias_leaky_relu(
    ct_tensor *CT_NONNULL result, ct_tensor x, ct_tensor bias, double slope, double gain);

// Resampling with the separable kernel [1, 3, 3, 1] / 8 per axis, of x [N, C, H, W]:
// insert up - 1 zeros after each element, pad with zeros (negative crops), correlate with the kernel,
// multiply by gain, keep every down-th element. up and down are 1 or 2.
CT_CHECKED ct_status ct_resample1331(
    ct_tensor *CT_NONNULL result, ct_tensor x, int64_t up, int64_t down, int64_t pad_before,
    int64_t pad_after, double gain);

CT_END_DECLARATIONS
