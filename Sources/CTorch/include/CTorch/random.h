// Explicit random generators; there is no global one here.
#pragma once

#include "CTorch/tensor.h"

CT_BEGIN_DECLARATIONS

typedef struct ct_generator {
  void *CT_NULLABLE ref;  // an at::Generator, owned; null once freed
} ct_generator;

CT_CHECKED ct_status ct_generator_create(
    ct_generator *CT_NONNULL result, uint64_t seed, ct_device device);
void ct_generator_free(ct_generator generator);
// The state as a uint8 vector in host memory.
CT_CHECKED ct_status ct_generator_state(ct_tensor *CT_NONNULL result, ct_generator generator);
CT_CHECKED ct_status ct_generator_set_state(ct_generator generator, ct_tensor state);

// Standard normal float32.
CT_CHECKED ct_status ct_tensor_randn(
    ct_tensor *CT_NONNULL result, const int64_t *CT_NULLABLE shape, size_t rank,
    ct_generator generator, ct_device device);
// Uniform float32 in [0, 1).
CT_CHECKED ct_status ct_tensor_rand(
    ct_tensor *CT_NONNULL result, const int64_t *CT_NULLABLE shape, size_t rank,
    ct_generator generator, ct_device device);
// Uniform int64 in [low, high).
CT_CHECKED ct_status ct_tensor_randint(
    ct_tensor *CT_NONNULL result, int64_t low, int64_t high, const int64_t *CT_NULLABLE shape,
    size_t rank, ct_generator generator, ct_device device);
// A permutation of 0 ..< count, int64.
CT_CHECKED ct_status ct_tensor_randperm(
    ct_tensor *CT_NONNULL result, int64_t count, ct_generator generator, ct_device device);

CT_END_DECLARATIONS
