// Operators of libtorch, differentiable where libtorch's are. Names and broadcasting are libtorch's.
#pragma once

#include "CTorch/tensor.h"

CT_BEGIN_DECLARATIONS

#define CT_UNARY(name) \
  CT_CHECKED ct_status ct_tensor_##name(ct_tensor *CT_NONNULL result, ct_tensor x)
#define CT_BINARY(name) \
  CT_CHECKED ct_status ct_tensor_##name(ct_tensor *CT_NONNULL result, ct_tensor x, ct_tensor y)
#define CT_SCALAR(name) \
  CT_CHECKED ct_status ct_tensor_##name(ct_tensor *CT_NONNULL result, ct_tensor x, double y)
#define CT_REDUCTION(name)                                             \
  CT_CHECKED ct_status ct_tensor_##name(                               \
      ct_tensor *CT_NONNULL result, ct_tensor x,                       \
      const int64_t *CT_NULLABLE dimensions, size_t count, bool keep)

CT_UNARY(negate);
CT_UNARY(abs);
CT_UNARY(exp);
CT_UNARY(log);
CT_UNARY(sqrt);
CT_UNARY(rsqrt);
CT_UNARY(square);
CT_UNARY(sigmoid);
CT_UNARY(relu);
CT_UNARY(softplus);
CT_UNARY(floor);
CT_UNARY(is_finite);

CT_BINARY(add);
CT_BINARY(subtract);
CT_BINARY(multiply);
CT_BINARY(divide);
CT_BINARY(maximum);
CT_BINARY(equal);
CT_BINARY(matmul);

CT_SCALAR(add_scalar);
CT_SCALAR(multiply_scalar);
CT_SCALAR(power_scalar);
CT_SCALAR(greater_scalar);

// Over all dimensions when `count` is 0.
CT_REDUCTION(sum);
CT_REDUCTION(mean);
// Population variance (divided by the count, not the count less one).
CT_REDUCTION(variance);
CT_REDUCTION(amax);
CT_REDUCTION(amin);

CT_CHECKED ct_status ct_tensor_argmax(
    ct_tensor *CT_NONNULL result, ct_tensor x, int64_t dimension);
CT_CHECKED ct_status ct_tensor_softmax(
    ct_tensor *CT_NONNULL result, ct_tensor x, int64_t dimension);
CT_CHECKED ct_status ct_tensor_log_softmax(
    ct_tensor *CT_NONNULL result, ct_tensor x, int64_t dimension);
CT_CHECKED ct_status ct_tensor_clamp(
    ct_tensor *CT_NONNULL result, ct_tensor x, double lowest, double highest);
// Mean negative log-likelihood of `targets` [N] (int64) under log-probabilities [N, C].
CT_CHECKED ct_status ct_tensor_nll_loss(
    ct_tensor *CT_NONNULL result, ct_tensor log_probabilities, ct_tensor targets);

// x [N, I] * weight [O, I]^T + bias [O]; a null bias is none.
CT_CHECKED ct_status ct_tensor_linear(
    ct_tensor *CT_NONNULL result, ct_tensor x, ct_tensor weight, ct_tensor bias);
// x [N, I, H, W], weight [O, I / groups, k, k], bias [O]; a null bias is none.
CT_CHECKED ct_status ct_tensor_conv2d(
    ct_tensor *CT_NONNULL result, ct_tensor x, ct_tensor weight, ct_tensor bias, int64_t stride,
    int64_t padding, int64_t groups);
CT_CHECKED ct_status ct_tensor_max_pool2d(
    ct_tensor *CT_NONNULL result, ct_tensor x, int64_t kernel, int64_t stride, int64_t padding);
// x [N, C, ...] normalised by mean and variance [C]; then weight and bias [C].
CT_CHECKED ct_status ct_tensor_batch_norm(
    ct_tensor *CT_NONNULL result, ct_tensor x, ct_tensor weight, ct_tensor bias, ct_tensor mean,
    ct_tensor variance, double epsilon);
// Bilinear resize of [N, C, H, W] with half-pixel centres; antialiased when shrinking if asked.
CT_CHECKED ct_status ct_tensor_resize_bilinear(
    ct_tensor *CT_NONNULL result, ct_tensor x, int64_t height, int64_t width, bool antialias);

// Eigenvalues, ascending, and eigenvectors (columns) of a symmetric matrix.
CT_CHECKED ct_status ct_tensor_symmetric_eigen(
    ct_tensor *CT_NONNULL values, ct_tensor *CT_NONNULL vectors, ct_tensor x);

// In place, without a graph.
CT_CHECKED ct_status ct_tensor_copy_(ct_tensor x, ct_tensor source);
CT_CHECKED ct_status ct_tensor_fill_(ct_tensor x, double value);
CT_CHECKED ct_status ct_tensor_multiply_scalar_(ct_tensor x, double value);
// x += alpha * y
CT_CHECKED ct_status ct_tensor_add_(ct_tensor x, ct_tensor y, double alpha);
// x += alpha * y * z, element by element
CT_CHECKED ct_status ct_tensor_add_product_(ct_tensor x, ct_tensor y, ct_tensor z, double alpha);
// NaN to 0, infinities to +-limit
CT_CHECKED ct_status ct_tensor_replace_non_finite_(ct_tensor x, double limit);
// x += weight * (y - x)
CT_CHECKED ct_status ct_tensor_lerp_(ct_tensor x, ct_tensor y, double weight);

CT_END_DECLARATIONS
