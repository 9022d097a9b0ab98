// Which kernels compute, and which have.
#pragma once

#include "CTorch/CTorch.h"

CT_BEGIN_DECLARATIONS

// Which of the kernels are used, process-wide. Each takes in those before it.
typedef enum ck_route {
  // None: everything is composed of libtorch's operators.
  ck_route_libtorch = 0,
  // Fused operators, compiled for any processor; convolutions of many channels are libtorch's.
  ck_route_portable = 1,
  // Fused operators and convolutions with AVX2.
  ck_route_avx2 = 2,
  // The same with AVX-512.
  ck_route_avx512 = 3,
  // And with its products of pairs of bfloat16.
  ck_route_avx512_bf16 = 4,
} ck_route;

// Names, as LETHE_KERNELS takes them: "libtorch", "avx512_bf16". Static storage.
const char *CT_NONNULL ck_route_name(ck_route route);
// False for a name of none.
bool ck_route_named(const char *CT_NONNULL name, ck_route *CT_NONNULL route);

// Whether the processor has the instructions, and libtorch uses them: the environment's
// ATEN_CPU_CAPABILITY lowers both.
bool ck_route_is_available(ck_route route);
// The fastest here.
ck_route ck_best_route(void);
// The one in use: set, or else named by LETHE_KERNELS, or else the best. Fails where the environment
// names none, or one that is not available; so do the operators below.
CT_CHECKED ct_status ck_current_route(ck_route *CT_NONNULL result);
// While no operator runs.
CT_CHECKED ct_status ck_use_route(ck_route route);

// The kernels, for `ck_kernel_runs`.
typedef enum ck_kernel {
  ck_kernel_bias_leaky_relu = 0,
  ck_kernel_scaled_channels = 1,
  ck_kernel_styled_activation = 2,
  ck_kernel_equal_linear = 3,
  ck_kernel_demodulation = 4,
  ck_kernel_minibatch_deviation = 5,
  ck_kernel_resample1331 = 6,
  ck_kernel_small_product = 7,
  ck_kernel_few_channels = 8,         // 1x1 convolutions from or to at most four channels
  ck_kernel_winograd_f23 = 9,         // 3x3, stride 1, by F(2, 3)
  ck_kernel_winograd_f43 = 10,        // the same by F(4, 3)
  ck_kernel_strided_tiles = 11,       // 3x3, stride 2, and its transpose, by F(2, 2)
  ck_kernel_pointwise_products = 12,  // 1x1
  ck_kernel_paired_products = 13,     // stride 2, transposed and 1x1 in bfloat16
} ck_kernel;
enum { ck_kernel_count = 14 };

// How often passes of a kernel were started by this thread so far: what tests hold their expectation of
// the path against.
int64_t ck_kernel_runs(ck_kernel kernel);
// How many loops this thread has run with the vector instructions of a route.
int64_t ck_vector_runs(ck_route route);

CT_END_DECLARATIONS
