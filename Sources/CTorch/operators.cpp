#include "CTorch/implementation/handles.h"

using namespace ct;

#define CT_DEFINE_UNARY(name, expression) \
  ct_status ct_tensor_##name(ct_tensor *result, ct_tensor handle) { \
    return guard([&] {                                              \
      const at::Tensor &x = unwrap(handle);                         \
      wrap(result, expression);                                     \
    });                                                             \
  }
#define CT_DEFINE_BINARY(name, expression) \
  ct_status ct_tensor_##name(ct_tensor *result, ct_tensor left, ct_tensor right) { \
    return guard([&] {                                                             \
      const at::Tensor &x = unwrap(left);                                          \
      const at::Tensor &y = unwrap(right);                                         \
      wrap(result, expression);                                                    \
    });                                                                            \
  }
#define CT_DEFINE_SCALAR(name, expression) \
  ct_status ct_tensor_##name(ct_tensor *result, ct_tensor handle, double y) { \
    return guard([&] {                                                        \
      const at::Tensor &x = unwrap(handle);                                   \
      wrap(result, expression);                                               \
    });                                                                       \
  }
#define CT_DEFINE_REDUCTION(name, all, some) \
  ct_status ct_tensor_##name(ct_tensor *result, ct_tensor handle, const int64_t *dimensions, \
                             size_t count, bool keep) {                                      \
    return guard([&] {                                                                       \
      const at::Tensor &x = unwrap(handle);                                                  \
      const at::IntArrayRef d = sizes(dimensions, count);                                    \
      wrap(result, count == 0 ? (all) : (some));                                             \
    });                                                                                      \
  }

CT_DEFINE_UNARY(negate, x.neg())
CT_DEFINE_UNARY(abs, x.abs())
CT_DEFINE_UNARY(exp, x.exp())
CT_DEFINE_UNARY(log, x.log())
CT_DEFINE_UNARY(sqrt, x.sqrt())
CT_DEFINE_UNARY(rsqrt, x.rsqrt())
CT_DEFINE_UNARY(square, x.square())
CT_DEFINE_UNARY(floor, x.floor())
CT_DEFINE_UNARY(sigmoid, x.sigmoid())
CT_DEFINE_UNARY(relu, x.relu())
CT_DEFINE_UNARY(softplus, at::softplus(x))
CT_DEFINE_UNARY(is_finite, x.isfinite())

CT_DEFINE_BINARY(add, x + y)
CT_DEFINE_BINARY(subtract, x - y)
CT_DEFINE_BINARY(multiply, x *y)
CT_DEFINE_BINARY(divide, x / y)
CT_DEFINE_BINARY(maximum, at::maximum(x, y))
CT_DEFINE_BINARY(equal, x.eq(y))
CT_DEFINE_BINARY(matmul, x.matmul(y))

CT_DEFINE_SCALAR(add_scalar, plus(x, y))
CT_DEFINE_SCALAR(multiply_scalar, times(x, y))
CT_DEFINE_SCALAR(power_scalar, x.pow(y))
CT_DEFINE_SCALAR(greater_scalar, x.gt(y))

CT_DEFINE_REDUCTION(sum, x.sum(), x.sum(d, keep))
CT_DEFINE_REDUCTION(mean, x.mean(), x.mean(d, keep))
CT_DEFINE_REDUCTION(variance, x.var(/*unbiased=*/false), x.var(d, /*unbiased=*/false, keep))
CT_DEFINE_REDUCTION(amax, x.amax(), x.amax(d, keep))
CT_DEFINE_REDUCTION(amin, x.amin(), x.amin(d, keep))

ct_status ct_tensor_argmax(ct_tensor *result, ct_tensor x, int64_t dimension) {
  return guard([&] { wrap(result, unwrap(x).argmax(dimension)); });
}

ct_status ct_tensor_softmax(ct_tensor *result, ct_tensor x, int64_t dimension) {
  return guard([&] { wrap(result, unwrap(x).softmax(dimension)); });
}

ct_status ct_tensor_log_softmax(ct_tensor *result, ct_tensor x, int64_t dimension) {
  return guard([&] { wrap(result, unwrap(x).log_softmax(dimension)); });
}

ct_status ct_tensor_clamp(ct_tensor *result, ct_tensor x, double lowest, double highest) {
  return guard([&] { wrap(result, unwrap(x).clamp(lowest, highest)); });
}

ct_status ct_tensor_nll_loss(ct_tensor *result, ct_tensor log_probabilities, ct_tensor targets) {
  return guard([&] { wrap(result, at::nll_loss(unwrap(log_probabilities), unwrap(targets))); });
}

ct_status ct_tensor_linear(ct_tensor *result, ct_tensor x, ct_tensor weight, ct_tensor bias) {
  return guard([&] {
    wrap(result, at::linear(unwrap(x), unwrap(weight), unwrap_or_undefined(bias)));
  });
}

ct_status ct_tensor_conv2d(ct_tensor *result, ct_tensor x, ct_tensor weight, ct_tensor bias,
                           int64_t stride, int64_t padding, int64_t groups) {
  return guard([&] {
    wrap(result, at::conv2d(unwrap(x), unwrap(weight), unwrap_or_undefined(bias), stride, padding,
                            /*dilation=*/1, groups));
  });
}

ct_status ct_tensor_batch_norm(ct_tensor *result, ct_tensor x, ct_tensor weight, ct_tensor bias,
                               ct_tensor mean, ct_tensor variance, double epsilon) {
  return guard([&] {
    wrap(result, at::batch_norm(unwrap(x), unwrap(weight), unwrap(bias), unwrap(mean),
                                unwrap(variance), /*training=*/false, /*momentum=*/0, epsilon,
                                /*cudnn_enabled=*/true));
  });
}

namespace {

// The largest of each window along one dimension, without a graph. Two such passes over whole lines
// take a tenth of the time of libtorch's pooling, which looks for the windows' indices as well.
at::Tensor largest(const at::Tensor &x, int64_t dimension, int64_t window, int64_t stride) {
  const int64_t past_last = x.size(dimension) - window + 1;
  at::Tensor result = x.slice(dimension, 0, past_last, stride);
  for (int64_t i = 1; i < window; ++i) {
    result = at::maximum(result, x.slice(dimension, i, past_last + i, stride));
  }
  return result;
}

}  // namespace

ct_status ct_tensor_max_pool2d(ct_tensor *result, ct_tensor x, int64_t kernel, int64_t stride,
                               int64_t padding) {
  return guard([&] {
    const at::Tensor &pictures = unwrap(x);
    const bool differentiable = at::GradMode::is_enabled() && pictures.requires_grad();
    const bool fits = pictures.dim() == 4 && kernel > 1 && stride > 0 && padding == 0 &&
                      pictures.size(2) >= kernel && pictures.size(3) >= kernel;
    wrap(result, differentiable || !fits || !pictures.is_cpu()
                     ? at::max_pool2d(pictures, kernel, stride, padding)
                     : largest(largest(pictures, 2, kernel, stride), 3, kernel, stride));
  });
}

ct_status ct_tensor_resize_bilinear(ct_tensor *result, ct_tensor x, int64_t height, int64_t width,
                                    bool antialias) {
  return guard([&] {
    const at::Tensor &image = unwrap(x);
    wrap(result, antialias ? at::_upsample_bilinear2d_aa(image, {height, width}, false)
                           : at::upsample_bilinear2d(image, {height, width}, false));
  });
}

ct_status ct_tensor_symmetric_eigen(ct_tensor *values, ct_tensor *vectors, ct_tensor x) {
  return guard([&] {
    auto [eigenvalues, eigenvectors] = at::linalg_eigh(unwrap(x));
    wrap(values, std::move(eigenvalues));
    wrap(vectors, std::move(eigenvectors));
  });
}

ct_status ct_tensor_copy_(ct_tensor x, ct_tensor source) {
  return guard([&] {
    at::NoGradGuard no_graph;
    unwrap(x).copy_(unwrap(source));
  });
}

ct_status ct_tensor_fill_(ct_tensor x, double value) {
  return guard([&] {
    at::NoGradGuard no_graph;
    unwrap(x).fill_(value);
  });
}

ct_status ct_tensor_multiply_scalar_(ct_tensor x, double value) {
  return guard([&] {
    at::NoGradGuard no_graph;
    unwrap(x).mul_(value);
  });
}

ct_status ct_tensor_add_(ct_tensor x, ct_tensor y, double alpha) {
  return guard([&] {
    at::NoGradGuard no_graph;
    unwrap(x).add_(unwrap(y), alpha);
  });
}

ct_status ct_tensor_add_product_(ct_tensor x, ct_tensor y, ct_tensor z, double alpha) {
  return guard([&] {
    at::NoGradGuard no_graph;
    unwrap(x).addcmul_(unwrap(y), unwrap(z), alpha);
  });
}

ct_status ct_tensor_replace_non_finite_(ct_tensor x, double limit) {
  return guard([&] {
    at::NoGradGuard no_graph;
    unwrap(x).nan_to_num_(/*nan=*/0.0, /*posinf=*/limit, /*neginf=*/-limit);
  });
}

ct_status ct_tensor_lerp_(ct_tensor x, ct_tensor y, double weight) {
  return guard([&] {
    at::NoGradGuard no_graph;
    unwrap(x).lerp_(unwrap(y), weight);
  });
}
