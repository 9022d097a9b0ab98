// y = w * x, a convolution or its transpose, with a second derivative made of convolutions of the
// same shape. It is bilinear, so with (dx, dw) = B(dy; x, w) its gradient and e, f those of dx, dw:
//
//   d(dy) = w * e + f * x        d(x) = first of B(dy; ., f)        d(w) = second of B(dy; e, .)
//
// libtorch's own second derivative exchanges pictures with channels instead, and convolves with
// kernels as large as the pictures: several times as slow, and no layout suits it.
//
// All three passes are made by Winograd's algorithms where these apply (winograd.cpp), or by those for a
// few channels (few_channels.cpp); other passes are libtorch's. Of bfloat16 pictures most passes are
// libtorch's where the processor multiplies matrices of them. Elsewhere they are added up in float, and
// rounded once.

#include "convolution.h"

#include <torch/csrc/autograd/custom_function.h>

#include "few_channels.h"
#include "route.h"
#include "winograd.h"

namespace ct {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

void save(const ConvolutionShape &shape, AutogradContext *context) {
  context->saved_data["stride"] = shape.stride;
  context->saved_data["padding"] = shape.padding;
  context->saved_data["transposed"] = shape.transposed;
}

ConvolutionShape saved_shape(AutogradContext *context) {
  return {context->saved_data["stride"].toInt(), context->saved_data["padding"].toInt(),
          context->saved_data["transposed"].toBool()};
}

// The gradients that are wanted, in a list: a result may not be undefined.
struct ConvolutionBackward : torch::autograd::Function<ConvolutionBackward> {
  static variable_list forward(AutogradContext *context, const at::Tensor &dy, const at::Tensor &x,
                               const at::Tensor &w, int64_t stride, int64_t padding,
                               bool transposed, bool by_x, bool by_w) {
    const ConvolutionShape shape{stride, padding, transposed};
    save(shape, context);
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
    const ConvolutionShape shape = saved_shape(context);
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
    const ConvolutionShape shape{stride, padding, transposed};
    save(shape, context);
    context->save_for_backward({x, w});
    return shape.forward(x, w);
  }

  static variable_list backward(AutogradContext *context, const variable_list &incoming) {
    const ConvolutionShape shape = saved_shape(context);
    const auto saved = context->get_saved_variables();
    const bool by_x = context->needs_input_grad(0), by_w = context->needs_input_grad(1);
    const variable_list wanted = ConvolutionBackward::apply(
        incoming[0], saved[0], saved[1], shape.stride, shape.padding, shape.transposed, by_x, by_w);
    return {by_x ? wanted.front() : at::Tensor(), by_w ? wanted.back() : at::Tensor(), at::Tensor(),
            at::Tensor(), at::Tensor()};
  }
};

bool is_bfloat16(const at::Tensor &x) { return x.is_cpu() && x.scalar_type() == at::kBFloat16; }

}  // namespace

ConvolutionShape::Way ConvolutionShape::way(const at::Tensor &x, const at::Tensor &w) const {
  if (by_libtorch || !uses_kernels()) return Way::libtorch;
  if (has_few_channels(x, w, stride, padding, transposed)) return Way::few_channels;
  if (is_bfloat16(x) && multiplies_bfloat16_matrices() && !multiplies_pairs()) return Way::libtorch;
  if (winograd_applies(x, w, stride, padding, transposed)) return Way::winograd;
  return is_bfloat16(x) && !multiplies_pairs() ? Way::widened : Way::libtorch;
}

std::optional<ct_kernel> ConvolutionShape::kernel(const at::Tensor &x, const at::Tensor &w) const {
  switch (way(x, w)) {
    case Way::few_channels: return ct_kernel_few_channels;
    case Way::winograd: return winograd_kernel(x, w, stride, transposed);
    case Way::widened: return kernel(x.to(at::kFloat), w.to(at::kFloat));
    case Way::libtorch: break;
  }
  return std::nullopt;
}

at::Tensor ConvolutionShape::forward(const at::Tensor &x, const at::Tensor &w) const {
  switch (way(x, w)) {
    case Way::few_channels: return few_channels_forward(x, w);
    case Way::winograd: return winograd_forward(x, w, stride, transposed);
    case Way::widened: return forward(x.to(at::kFloat), w.to(at::kFloat)).to(x.scalar_type());
    case Way::libtorch: break;
  }
  return at::convolution(x, w, {}, {stride, stride}, {padding, padding}, {1, 1}, transposed, {0, 0},
                         /*groups=*/1);
}

std::pair<at::Tensor, at::Tensor> ConvolutionShape::backward(const at::Tensor &dy,
                                                             const at::Tensor &x,
                                                             const at::Tensor &w, bool by_x,
                                                             bool by_w) const {
  if (!by_x && !by_w) return {};
  switch (way(x, w)) {
    case Way::few_channels:
      return {by_x ? few_channels_input_gradient(dy, w) : at::Tensor(),
              by_w ? few_channels_weight_gradient(dy, x, w) : at::Tensor()};
    case Way::winograd:
      return {by_x ? winograd_input_gradient(dy, x, w, stride, transposed) : at::Tensor(),
              by_w ? winograd_weight_gradient(dy, x, w, stride, transposed) : at::Tensor()};
    case Way::widened: {
      const auto [dx, dw] =
          backward(dy.to(at::kFloat), x.to(at::kFloat), w.to(at::kFloat), by_x, by_w);
      return {by_x ? dx.to(x.scalar_type()) : dx, by_w ? dw.to(w.scalar_type()) : dw};
    }
    case Way::libtorch: break;
  }
  auto [dx, dw, dbias] = at::convolution_backward(
      dy, x, w, /*bias_sizes=*/std::nullopt, {stride, stride}, {padding, padding}, {1, 1},
      transposed, {0, 0}, /*groups=*/1, {by_x, by_w, false});
  return {dx, dw};
}

at::Tensor convolution(const at::Tensor &x, const at::Tensor &weight, int64_t stride,
                       int64_t padding, bool transposed) {
  return Convolution::apply(x, weight, stride, padding, transposed);
}

}  // namespace ct
