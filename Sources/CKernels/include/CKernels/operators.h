// Fused operators with backward and double backward. Each has a file of its own in operators/.
//
// Types: the kernels take x in float32, float64 or bfloat16 in host memory; results and gradients of
// x have its type. What is stored as bfloat16 is computed, and summed, in float32. The small
// arguments (bias, scale, demodulation, noise, strength) may have any floating type, float32 beside
// an x in bfloat16 above all; their gradients have their own type. Other devices and types of x are
// served by libtorch's operators. Sums do not depend on the memory format or the number of threads.
#pragma once

#include "CTorch/CTorch.h"

CT_BEGIN_DECLARATIONS

// y = gain * leaky_relu(x + bias_scale * bias, slope); bias [C] along dimension 1 of x [N, C, ...].
CT_CHECKED ct_status ck_bias_leaky_relu(
    ct_tensor *CT_NONNULL result, ct_tensor x, ct_tensor bias, double bias_scale, double slope,
    double gain);

// y = x * scale; scale [N, C] for x [N, C, H, W]. No third derivative.
CT_CHECKED ct_status ck_scaled_channels(
    ct_tensor *CT_NONNULL result, ct_tensor x, ct_tensor scale);

// y = gain * leaky_relu(x * demodulation + strength * noise + bias, slope), for x [N, C, H, W]:
// demodulation [N, C] without zeros, noise [N or 1, 1, H, W], strength [1], bias [C]. Keeps y and not
// x for the backward pass. No third derivative.
CT_CHECKED ct_status ck_styled_activation(
    ct_tensor *CT_NONNULL result, ct_tensor x, ct_tensor demodulation, ct_tensor noise,
    ct_tensor strength, ct_tensor bias, double slope, double gain);

// y = weight_scale * x weightᵀ + bias_scale * bias, and leaky_relu(y, slope) if it is activated;
// x [N, I], weight [O, I], bias [O]. Any type and device.
CT_CHECKED ct_status ck_equal_linear(
    ct_tensor *CT_NONNULL result, ct_tensor x, ct_tensor weight, ct_tensor bias,
    double weight_scale, double bias_scale, bool activated, double slope);

// d [N, O] = 1 / sqrt(sum over i and the kernel of (styles[n, i] * kernels[o, i])² + epsilon);
// styles [N, I] and kernels [O, I, k, k] of one type.
CT_CHECKED ct_status ck_demodulation(
    ct_tensor *CT_NONNULL result, ct_tensor styles, ct_tensor kernels, double epsilon);

// The standard deviation over each group of 4 pictures, or of all if there are fewer, averaged over
// their elements: [batches, groups] for x [N, C, H, W]. `batches` minibatches of equal size lie behind one
// another; group g of one with M groups is every picture whose index within it is g modulo M.
CT_CHECKED ct_status ck_minibatch_deviation(
    ct_tensor *CT_NONNULL result, ct_tensor x, int64_t batches, double epsilon);

// Resampling with the separable kernel [1, 3, 3, 1] / 8 per axis, of x [N, C, H, W]:
// insert up - 1 zeros after each element, pad with zeros (negative crops), correlate with the kernel,
// multiply by gain, keep every down-th element. up and down are 1 or 2.
CT_CHECKED ct_status ck_resample1331(
    ct_tensor *CT_NONNULL result, ct_tensor x, int64_t up, int64_t down, int64_t pad_before,
    int64_t pad_after, double gain);

CT_END_DECLARATIONS
