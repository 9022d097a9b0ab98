// y = w * x, a convolution or its transpose, with a second derivative made of convolutions of the
// same shape. It is bilinear, so with (dx, dw) = B(dy; x, w) its gradient and e, f those of dx, dw:
//
//   d(dy) = w * e + f * x        d(x) = first of B(dy; ., f)        d(w) = second of B(dy; e, .)
//
// libtorch's own second derivative exchanges pictures with channels instead, and convolves with
// kernels as large as the pictures: several times as slow, and no layout suits it.
//
// Where Winograd's algorithm applies (winograd.cpp), all three passes are made by it.

#include <torch/csrc/autograd/custom_function.h>

#include "../internal.h"
#include "winograd.h"

namespace ct {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct Shape {
  int64_t stride, padding;
  bool transposed;

  void save(AutogradContext *context) const {
    context->saved_data["stride"] = stride;
    context->saved_data["padding"] = padding;
    context->saved_data["transposed"] = transposed;
  }

  static Shape of(AutogradContext *context) {
    return {context->saved_data["stride"].toInt(), context->saved_data["padding"].toInt(),
            context->saved_data["transposed"].toBool()};
  }

  at::Tensor forward(const at::Tensor &x, const at::Tensor &w) const {
    if (winograd_applies(x, w, stride, padding, transposed)) return winograd_forward(x, w);
    return at::convolution(x, w, {}, {stride, stride}, {padding, padding}, {1, 1}, transposed,
                           {0, 0}, /*groups=*/1);
  }

  // By x, by w, or both; what is not wanted is undefined.
  std::pair<at::Tensor, at::Tensor> backward(const at::Tensor &dy, const at::Tensor &x,
                                             const at::Tensor &w, bool by_x, bool by_w) const {
    if (!by_x && !by_w) return {};
    if (winograd_applies(x, w, stride, padding, transposed)) {
      return {by_x ? winograd_input_gradient(dy, w) : at::Tensor(),
              by_w ? winograd_weight_gradient(dy, x) : at::Tensor()};
    }
    auto [dx, dw, dbias] = at::convolution_backward(
        dy, x, w, /*bias_sizes=*/std::nullopt, {stride, stride}, {padding, padding}, {1, 1},
        transposed, {0, 0}, /*groups=*/1, {by_x, by_w, false});
    return {dx, dw};
  }
};

// The gradients that are wanted, in a list: a result may not be undefined.
struct ConvolutionBackward : torch::autograd::Function<ConvolutionBackward> {
  static variable_list forward(AutogradContext *context, const at::Tensor &dy, const at::Tensor &x,
                               const at::Tensor &w, int64_t stride, int64_t padding,
                               bool transposed, bool by_x, bool by_w) {
    const Shape shape{stride, padding, transposed};
    shape.save(context);
    context->save_for_backward({dy, x, w});
    context->set_materialize_grads(false);
    context->saved_data["by_x"] = by_x;
    context->saved_data["by_w"] = by_w;
    const auto [dx, dw] = shape.backward(dy, x, w, by_x, by_w);
    variable_list wanted;
    if (by_x) wanted.push_back(dx);
    if (by_w) wanted.push_back(dw);
    return wanted;
  }

  static variable_list backward(AutogradContext *context, const variable_list &incoming) {
    const Shape shape = Shape::of(context);
    const auto saved = context->get_saved_variables();
    const at::Tensor &dy = saved[0], &x = saved[1], &w = saved[2];
    const at::Tensor e = context->saved_data["by_x"].toBool() ? incoming.front() : at::Tensor();
    const at::Tensor f = context->saved_data["by_w"].toBool() ? incoming.back() : at::Tensor();
    at::Tensor ddy, dx, dw;
    if (e.defined()) {
      if (context->needs_input_grad(0)) ddy = shape.forward(e, w);
      dw = shape.backward(dy, e, w, false, context->needs_input_grad(2)).second;
    }
    if (f.defined()) {
      if (context->needs_input_grad(0)) {
        const at::Tensor other = shape.forward(x, f);
        ddy = ddy.defined() ? ddy + other : other;
      }
      dx = shape.backward(dy, x, f, context->needs_input_grad(1), false).first;
    }
    return {ddy,          dx,           dw,           at::Tensor(),
            at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

struct Convolution : torch::autograd::Function<Convolution> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &x, const at::Tensor &w,
                            int64_t stride, int64_t padding, bool transposed) {
    const Shape shape{stride, padding, transposed};
    shape.save(context);
    context->save_for_backward({x, w});
    return shape.forward(x, w);
  }

  static variable_list backward(AutogradContext *context, const variable_list &incoming) {
    const Shape shape = Shape::of(context);
    const auto saved = context->get_saved_variables();
    const bool by_x = context->needs_input_grad(0), by_w = context->needs_input_grad(1);
    const variable_list wanted = ConvolutionBackward::apply(
        incoming[0], saved[0], saved[1], shape.stride, shape.padding, shape.transposed, by_x, by_w);
    return {by_x ? wanted.front() : at::Tensor(), by_w ? wanted.back() : at::Tensor(), at::Tensor(),
            at::Tensor(), at::Tensor()};
  }
};

}  // namespace

at::Tensor convolution(const at::Tensor &x, const at::Tensor &weight, int64_t stride,
                       int64_t padding, bool transposed) {
  return Convolution::apply(x, weight, stride, padding, transposed);
}

}  // namespace ct
