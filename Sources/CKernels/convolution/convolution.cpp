// y = w * x, a convolution or its transpose, with a second derivative made of convolutions of the
// same shape. It is bilinear, so with (dx, dw) = B(dy; x, w) its gradient and e, f those of dx, dw:
//
//   d(dy) = w * e + f * x        d(x) = first of B(dy; ., f)        d(w) = second of B(dy; e, .)
//
// libtorch's own second derivative exchanges pictures with channels instead, and convolves with
// kernels as large as the pictures: several times as slow, and no layout suits it.
//
// All three passes are made by Winograd's algorithms where these apply (tiled_convolution.cpp), or by those for a
// few channels (few_channels.cpp); other passes are libtorch's. Of bfloat16 pictures most passes are
// libtorch's where the processor multiplies matrices of them. Elsewhere they are added up in float, and
// rounded once.

#include "convolution.h"

#include <torch/csrc/autograd/custom_function.h>

#include "few_channels.h"
#include "../route.h"
#include "tiled_convolution.h"

namespace ck {

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

ConvolutionShape::Backend ConvolutionShape::backend(const at::Tensor &x, const at::Tensor &w) const {
  if (by_libtorch || !uses_kernels()) return Backend::libtorch;
  if (has_few_channels(x, w, stride, padding, transposed)) return Backend::few_channels;
  if (is_bfloat16(x) && multiplies_bfloat16_matrices() && !multiplies_pairs()) return Backend::libtorch;
  if (has_tiled_passes(x, w, stride, padding, transposed)) return Backend::tiles;
  return is_bfloat16(x) && !multiplies_pairs() ? Backend::upcast : Backend::libtorch;
}

std::optional<ck_kernel> ConvolutionShape::kernel(const at::Tensor &x, const at::Tensor &w) const {
  switch (backend(x, w)) {
    case Backend::few_channels: return ck_kernel_few_channels;
    case Backend::tiles: return tiled_kernel(x, w, stride, transposed);
    case Backend::upcast: return kernel(x.to(at::kFloat), w.to(at::kFloat));
    case Backend::libtorch: break;
  }
  return std::nullopt;
}

at::Tensor ConvolutionShape::forward(const at::Tensor &x, const at::Tensor &w) const {
  switch (backend(x, w)) {
    case Backend::few_channels: return few_channels_forward(x, w);
    case Backend::tiles: return tiled_forward(x, w, stride, transposed);
    case Backend::upcast: return forward(x.to(at::kFloat), w.to(at::kFloat)).to(x.scalar_type());
    case Backend::libtorch: break;
  }
  return at::convolution(x, w, {}, {stride, stride}, {padding, padding}, {1, 1}, transposed, {0, 0},
                         /*groups=*/1);
}

std::pair<at::Tensor, at::Tensor> ConvolutionShape::backward(const at::Tensor &dy,
                                                             const at::Tensor &x,
                                                             const at::Tensor &w, bool by_x,
                                                             bool by_w) const {
  if (!by_x && !by_w) return {};
  switch (backend(x, w)) {
    case Backend::few_channels:
      return {by_x ? few_channels_input_gradient(dy, w) : at::Tensor(),
              by_w ? few_channels_weight_gradient(dy, x, w) : at::Tensor()};
    case Backend::tiles:
      return {by_x ? tiled_input_gradient(dy, x, w, stride, transposed) : at::Tensor(),
              by_w ? tiled_filter_gradient(dy, x, w, stride, transposed) : at::Tensor()};
    case Backend::upcast: {
      const auto [dx, dw] =
          backward(dy.to(at::kFloat), x.to(at::kFloat), w.to(at::kFloat), by_x, by_w);
      return {by_x ? dx.to(x.scalar_type()) : dx, by_w ? dw.to(w.scalar_type()) : dw};
    }
    case Backend::libtorch: break;
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

}  // namespace ck
