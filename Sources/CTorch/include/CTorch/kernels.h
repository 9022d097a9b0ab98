// Fused operators with backward and double backward. Each has a file of its own in kernels/.
//
// Types: the kernels take x in float32, float64 or bfloat16 in host memory; results and gradients of
// x have its type. What is stored as bfloat16 is computed, and summed, in float32. The small
// arguments (bias, scale, demodulation, noise, strength) may have any floating type, float32 beside
// an x in bfloat16 above all; their gradients have their own type. Other devices and types of x are
// served by libtorch's operators. Sums do not depend on the memory format or the number of threads.
#pragma once

#include "CTorch/tensor.h"

CT_BEGIN_DECLARATIONS

// Which of the kernels are used, process-wide. Each takes in those before it.
typedef enum ct_kernel_route {
  ct_route_libtorch = 0,  // none: everything is composed of libtorch's operators
  ct_route_portable =
      1,                // fused operators, compiled for any processor; convolutions are libtorch's
  ct_route_avx2 = 2,    // fused operators and convolutions with AVX2
  ct_route_avx512 = 3,  // the same with AVX-512
  ct_route_avx512_bf16 = 4,  // and with its products of pairs of bfloat16
} ct_kernel_route;

// Names, as LETHE_KERNELS takes them: "libtorch", "avx512_bf16". Static storage.
const char *CT_NONNULL ct_kernel_route_name(ct_kernel_route route);
// False for a name of none.
bool ct_kernel_route_named(const char *CT_NONNULL name, ct_kernel_route *CT_NONNULL route);

// Whether the processor has the instructions, and libtorch uses them: the environment's
// ATEN_CPU_CAPABILITY lowers both.
bool ct_kernel_route_is_available(ct_kernel_route route);
// The fastest here.
ct_kernel_route ct_best_kernel_route(void);
// The one in use: set, or else named by LETHE_KERNELS, or else the best. Fails where the environment
// names none, or one that is not available; so do the operators below.
CT_CHECKED ct_status ct_current_kernel_route(ct_kernel_route *CT_NONNULL result);
// While no operator runs.
CT_CHECKED ct_status ct_use_kernel_route(ct_kernel_route route);

// The kernels, for `ct_kernel_runs`.
typedef enum ct_kernel {
  ct_kernel_bias_leaky_relu = 0,
  ct_kernel_scaled_channels = 1,
  ct_kernel_styled_activation = 2,
  ct_kernel_equal_linear = 3,
  ct_kernel_demodulation = 4,
  ct_kernel_minibatch_deviation = 5,
  ct_kernel_resample1331 = 6,
  ct_kernel_small_product = 7,
  ct_kernel_few_channels = 8,         // 1x1 convolutions from or to at most four channels
  ct_kernel_winograd_f23 = 9,         // 3x3, stride 1, by F(2, 3)
  ct_kernel_winograd_f43 = 10,        // the same by F(4, 3)
  ct_kernel_strided_tiles = 11,       // 3x3, stride 2, and its transpose, by F(2, 2)
  ct_kernel_pointwise_products = 12,  // 1x1
  ct_kernel_paired_products = 13,     // stride 2, transposed and 1x1 in bfloat16
} ct_kernel;
enum { ct_kernel_count = 14 };

// How often passes of a kernel were started by this thread so far: what tests hold their expectation of
// the path against.
int64_t ct_kernel_runs(ct_kernel kernel);
// How many loops this thread has run with the vector instructions of a route.
int64_t ct_vector_runs(ct_kernel_route route);

// y = gain * leaky_relu(x + bias_scale * bias, slope); bias [C] along dimension 1 of x [N, C, ...].
CT_CHECKED ct_status ct_bias_leaky_relu(
    ct_tensor *CT_NONNULL result, ct_tensor x, ct_tensor bias, double bias_scale, double slope,
    double gain);

// y = x * scale; scale [N, C] for x [N, C, H, W]. No third derivative.
CT_CHECKED ct_status ct_scaled_channels(
    ct_tensor *CT_NONNULL result, ct_tensor x, ct_tensor scale);

// y = gain * leaky_relu(x * demodulation + strength * noise + bias, slope), for x [N, C, H, W]:
// demodulation [N, C] without zeros, noise [N or 1, 1, H, W], strength [1], bias [C]. Keeps y and not
// x for the backward pass. No third derivative.
CT_CHECKED ct_status ct_styled_activation(
    ct_tensor *CT_NONNULL result, ct_tensor x, ct_tensor demodulation, ct_tensor noise,
    ct_tensor strength, ct_tensor bias, double slope, double gain);

// y = weight_scale * x weightᵀ + bias_scale * bias, and leaky_relu(y, slope) if it is activated;
// x [N, I], weight [O, I], bias [O]. Any type and device.
CT_CHECKED ct_status ct_equal_linear(
    ct_tensor *CT_NONNULL result, ct_tensor x, ct_tensor weight, ct_tensor bias,
    double weight_scale, double bias_scale, bool activated, double slope);

// d [N, O] = 1 / sqrt(sum over i and the kernel of (styles[n, i] * kernels[o, i])² + epsilon);
// styles [N, I] and kernels [O, I, k, k] of one type.
CT_CHECKED ct_status ct_demodulation(
    ct_tensor *CT_NONNULL result, ct_tensor styles, ct_tensor kernels, double epsilon);

// The standard deviation over each group of 4 pictures, or of all if there are fewer, averaged over
// their elements: [batches, groups] for x [N, C, H, W]. `batches` minibatches of equal size lie behind one
// another; group g of one with M groups is every picture whose index within it is g modulo M.
CT_CHECKED ct_status ct_minibatch_deviation(
    ct_tensor *CT_NONNULL result, ct_tensor x, int64_t batches, double epsilon);

// Resampling with the separable kernel [1, 3, 3, 1] / 8 per axis, of x [N, C, H, W]:
// insert up - 1 zeros after each element, pad with zeros (negative crops), correlate with the kernel,
// multiply by gain, keep every down-th element. up and down are 1 or 2.
CT_CHECKED ct_status ct_resample1331(
    ct_tensor *CT_NONNULL result, ct_tensor x, int64_t up, int64_t down, int64_t pad_before,
    int64_t pad_after, double gain);

CT_END_DECLARATIONS
