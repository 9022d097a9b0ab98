// y = a x Wᵀ + b bias, or leaky ReLU of it: a fully connected layer with equalised learning rate (Karras
// et al. 2018), whose stored weights and biases are multiplied with a and b at run time.
//
//   dx = a g W        dW = a gᵀ x        d(bias) = b sum of g        with g = dy, or dy * slope by y's sign
//
// The numbers a and b enter the product and g instead of W and the bias: mapping networks and styles
// have many such layers, so small that each operator costs more than what it computes. The gradient
// is made of differentiable operators.

#include <torch/csrc/autograd/custom_function.h>

#include "../internal.h"

namespace ct {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct EqualLinear : torch::autograd::Function<EqualLinear> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &x, const at::Tensor &weight,
                            const at::Tensor &bias, double weight_scale, double bias_scale,
                            bool activated, double slope) {
    at::Tensor y = at::addmm(bias, x, weight.t(), bias_scale, weight_scale);
    if (activated) at::leaky_relu_(y, slope);
    context->save_for_backward({x, weight, activated ? y : at::Tensor()});
    context->saved_data["weight_scale"] = weight_scale;
    context->saved_data["bias_scale"] = bias_scale;
    context->saved_data["slope"] = slope;
    return y;
  }

  static variable_list backward(AutogradContext *context, const variable_list &incoming) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &weight = saved[1], &y = saved[2];
    at::Tensor g = incoming[0];
    if (y.defined()) {
      const double slope = context->saved_data["slope"].toDouble();
      g = at::leaky_relu_backward(g, y, slope, /*self_is_result=*/true);
    }
    at::Tensor dx, dw, dbias;
    if (context->needs_input_grad(2)) {
      dbias = times(g.sum(0), context->saved_data["bias_scale"].toDouble());
    }
    if (context->needs_input_grad(0) || context->needs_input_grad(1)) {
      g = times(g, context->saved_data["weight_scale"].toDouble());
      if (context->needs_input_grad(0)) dx = g.mm(weight);
      if (context->needs_input_grad(1)) dw = g.t().mm(x);
    }
    return {dx, dw, dbias, at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

}  // namespace

}  // namespace ct

ct_status ct_equal_linear(ct_tensor *result, ct_tensor x, ct_tensor weight, ct_tensor bias,
                          double weight_scale, double bias_scale, bool activated, double slope) {
  return ct::guard([&] {
    ct::wrap(result, ct::EqualLinear::apply(ct::unwrap(x), ct::unwrap(weight), ct::unwrap(bias),
                                            weight_scale, bias_scale, activated, slope));
  });
}
