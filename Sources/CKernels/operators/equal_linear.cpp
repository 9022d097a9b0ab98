// y = a x Wᵀ + b bias, or leaky ReLU of it: a fully connected layer with equalised learning rate (Karras
// et al. 2018), whose stored weights and biases are multiplied with a and b at run time.
//
//   dx = a g W        dW = a gᵀ x        d(bias) = b sum of g        with g = dy, or dy * slope by y's sign
//
// The numbers a and b enter the product and g instead of W and the bias. Mapping networks and styles
// have many such layers, so small that each operator costs more than what it computes: what follows the
// product is one pass, and so is what comes before those of the derivatives. Where these are to be
// differentiated again, they are made of libtorch's operators.

#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <utility>

#include <CTorch/implementation/handles.h>

#include "CKernels/operators.h"
#include "../elements.h"
#include "small_product.h"

namespace ck {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// y = a y + b bias, or leaky ReLU of it.
template <typename T>
CT_INLINED void add_bias(T *__restrict y, const T *__restrict bias, int64_t rows, int64_t columns,
                         T a, T b, T slope) {
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t c = 0; c < columns; ++c) {
      const T value = a * y[row * columns + c] + b * bias[c];
      y[row * columns + c] = value < 0 ? value * slope : value;
    }
  }
}

// Of each element a g, and b times the sums of g by column. `y` are the results, or none.
template <typename T>
CT_INLINED void slopes(T *__restrict scaled, T *__restrict sums, const T *__restrict dy,
                       const T *__restrict y, int64_t rows, int64_t columns, T a, T b, T slope) {
  std::fill_n(sums, columns, T(0));
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t c = 0; c < columns; ++c) {
      const int64_t i = row * columns + c;
      const T g = y == nullptr || y[i] > 0 ? dy[i] : dy[i] * slope;
      sums[c] += g;
      scaled[i] = a * g;
    }
  }
  for (int64_t c = 0; c < columns; ++c) sums[c] *= b;
}

struct EqualLinear : torch::autograd::Function<EqualLinear> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &x, const at::Tensor &weight,
                            const at::Tensor &bias, double weight_scale, double bias_scale,
                            bool activated, double slope) {
    const at::Tensor y = layer(x, weight, bias, weight_scale, bias_scale, activated ? slope : 1);
    context->save_for_backward({x, weight, activated ? y : at::Tensor()});
    context->saved_data["weight_scale"] = weight_scale;
    context->saved_data["bias_scale"] = bias_scale;
    context->saved_data["slope"] = slope;
    return y;
  }

  static variable_list backward(AutogradContext *context, const variable_list &incoming) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &weight = saved[1];
    const auto [g, dbias] =
        scaled_slopes(incoming[0], saved[2], context->saved_data["weight_scale"].toDouble(),
                      context->saved_data["bias_scale"].toDouble(),
                      context->saved_data["slope"].toDouble());
    at::Tensor dx, dw;
    if (context->needs_input_grad(0)) dx = small_product(g, weight);
    if (context->needs_input_grad(1)) dw = small_product(g.t(), x);
    return {dx, dw, dbias, at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
  }

 private:
  // A slope of 1 is no activation.
  static at::Tensor layer(const at::Tensor &x, const at::Tensor &weight, const at::Tensor &bias,
                          double weight_scale, double bias_scale, double slope) {
    if (!has_unrounded_type(x)) {
      at::Tensor y = at::addmm(bias, x, weight.t(), bias_scale, weight_scale);
      return slope == 1 ? y : at::leaky_relu_(y, slope);
    }
    count_run(ck_kernel_equal_linear);
    at::Tensor y = small_product(x, weight.t());
    const at::Tensor dense = bias.contiguous();
    AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "add_bias", [&] {
      vectorised<add_bias<scalar_t>>(y.mutable_data_ptr<scalar_t>(),
                                     dense.const_data_ptr<scalar_t>(), y.size(0), y.size(1),
                                     scalar_t(weight_scale), scalar_t(bias_scale), scalar_t(slope));
    });
    return y;
  }

  // a g, and b times the sum of g.
  static std::pair<at::Tensor, at::Tensor> scaled_slopes(const at::Tensor &dy, const at::Tensor &y,
                                                         double weight_scale, double bias_scale,
                                                         double slope) {
    if (at::GradMode::is_enabled() || !has_unrounded_type(dy)) {
      const at::Tensor g =
          y.defined() ? at::leaky_relu_backward(dy, y, slope, /*self_is_result=*/true) : dy;
      return {times(g, weight_scale), times(g.sum(0), bias_scale)};
    }
    count_run(ck_kernel_equal_linear);
    const at::Tensor dense = dy.contiguous();
    at::Tensor scaled = at::empty(dense.sizes(), dense.options());
    at::Tensor sums = at::empty({dense.size(1)}, dense.options());
    AT_DISPATCH_FLOATING_TYPES(dense.scalar_type(), "slopes", [&] {
      vectorised<slopes<scalar_t>>(
          scaled.mutable_data_ptr<scalar_t>(), sums.mutable_data_ptr<scalar_t>(),
          dense.const_data_ptr<scalar_t>(), y.defined() ? y.const_data_ptr<scalar_t>() : nullptr,
          dense.size(0), dense.size(1), scalar_t(weight_scale), scalar_t(bias_scale),
          scalar_t(slope));
    });
    return {scaled, sums};
  }
};

}  // namespace

}  // namespace ck

ct_status ck_equal_linear(ct_tensor *result, ct_tensor x, ct_tensor weight, ct_tensor bias,
                          double weight_scale, double bias_scale, bool activated, double slope) {
  return ck::guard([&] {
    ck::wrap(result, ck::EqualLinear::apply(ck::unwrap(x), ck::unwrap(weight), ck::unwrap(bias),
                                            weight_scale, bias_scale, activated, slope));
  });
}
