// y = gain * leaky_relu(x + bias, slope), one pass.
//
// The sign of y is that of x + bias, so y alone tells the slope:
//   dx = dy * (y > 0 ? gain : gain * slope)        dbias = sum of dx over all but dimension 1
// dx is linear in dy with the same factors, so its derivative is the same operator again.

#include <torch/csrc/autograd/custom_function.h>

#include "../internal.h"
#include "parallel.h"

namespace ct {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int64_t smallest_range = 16384;

template <typename T>
CT_INLINED void add_and_activate_body(T *y, const T *x, const T *bias, int64_t rows,
                                      int64_t channels, T slope, T gain) {
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t c = 0; c < channels; ++c) {
      const T sum = x[row * channels + c] + bias[c];
      y[row * channels + c] = (sum > 0 ? sum : sum * slope) * gain;
    }
  }
}

template <typename T>
CT_INLINED void scale_by_sign_body(T *dx, const T *dy, const T *y, int64_t count, T slope,
                                   T gain) {
  for (int64_t i = 0; i < count; ++i) dx[i] = dy[i] * (y[i] > 0 ? gain : gain * slope);
}

#define CT_DEFINE_FOR(T)                                                                       \
  CT_VECTORISED void add_and_activate(T *y, const T *x, const T *bias, int64_t rows,           \
                                      int64_t channels, T slope, T gain) {                     \
    add_and_activate_body(y, x, bias, rows, channels, slope, gain);                            \
  }                                                                                            \
  CT_VECTORISED void scale_by_sign(T *dx, const T *dy, const T *y, int64_t count, T slope,     \
                                   T gain) {                                                   \
    scale_by_sign_body(dx, dy, y, count, slope, gain);                                         \
  }
CT_DEFINE_FOR(float)
CT_DEFINE_FOR(double)
#undef CT_DEFINE_FOR

// The layout in which the channel is the fastest index: rows of C values.
at::Tensor channels_fastest(const at::Tensor &x) {
  return x.dim() == 4 ? x.contiguous(at::MemoryFormat::ChannelsLast) : x.contiguous();
}

bool has_kernel(const at::Tensor &x) {
  return x.is_cpu() && (x.dim() == 2 || x.dim() == 4) &&
         (x.scalar_type() == at::kFloat || x.scalar_type() == at::kDouble);
}

at::Tensor forward_pass(const at::Tensor &x, const at::Tensor &bias, double slope, double gain) {
  // The loop below reads through pointers: nothing else would notice a bias that does not fit.
  TORCH_CHECK(x.dim() >= 2, "bias and leaky ReLU take [N, C, ...], not ", x.sizes());
  TORCH_CHECK(bias.dim() == 1 && bias.size(0) == x.size(1), "a bias of ", bias.sizes(),
              " for the channels of ", x.sizes());
  TORCH_CHECK(bias.device() == x.device(), "a bias on ", bias.device(), " for ", x.device());
  TORCH_CHECK(gain > 0 && slope >= 0, "the sign of y tells that of x + bias for positive gains only");
  if (!has_kernel(x)) {
    std::vector<int64_t> shape(x.dim(), 1);
    shape[1] = -1;
    return at::leaky_relu(x + bias.reshape(shape).to(x.scalar_type()), slope) * gain;
  }
  const at::Tensor input = channels_fastest(x);
  const at::Tensor offset = bias.contiguous();
  at::Tensor y = at::empty_like(input);
  const int64_t channels = x.size(1), rows = x.numel() / std::max<int64_t>(1, channels);
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "bias_leaky_relu", [&] {
    const auto *source = input.const_data_ptr<scalar_t>();
    const auto *shift = offset.const_data_ptr<scalar_t>();
    auto *target = y.mutable_data_ptr<scalar_t>();
    parallel_ranges(rows, smallest_range / std::max<int64_t>(1, channels),
                    [&](int64_t begin, int64_t end) {
                      add_and_activate(
                          target + begin * channels, source + begin * channels, shift, end - begin,
                          channels, static_cast<scalar_t>(slope), static_cast<scalar_t>(gain));
                    });
  });
  return y;
}

// dy scaled by the slope that the sign of y tells.
struct ScaleBySign : torch::autograd::Function<ScaleBySign> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &dy, const at::Tensor &y,
                            double slope, double gain) {
    context->save_for_backward({y});
    context->saved_data["slope"] = slope;
    context->saved_data["gain"] = gain;
    if (!has_kernel(y)) return dy * at::where(y > 0, gain, gain * slope).to(dy.scalar_type());
    const at::Tensor incoming = channels_fastest(dy);
    const at::Tensor activated = channels_fastest(y);
    at::Tensor dx = at::empty_like(activated);
    AT_DISPATCH_FLOATING_TYPES(y.scalar_type(), "scale_by_sign", [&] {
      const auto *source = incoming.const_data_ptr<scalar_t>();
      const auto *sign = activated.const_data_ptr<scalar_t>();
      auto *target = dx.mutable_data_ptr<scalar_t>();
      parallel_ranges(y.numel(), smallest_range, [&](int64_t begin, int64_t end) {
        scale_by_sign(target + begin, source + begin, sign + begin, end - begin,
                                static_cast<scalar_t>(slope), static_cast<scalar_t>(gain));
      });
    });
    return dx;
  }

  static variable_list backward(AutogradContext *context, const variable_list &incoming) {
    const double slope = context->saved_data["slope"].toDouble();
    const double gain = context->saved_data["gain"].toDouble();
    // The derivative by y is zero almost everywhere.
    return {ScaleBySign::apply(incoming[0], context->get_saved_variables()[0], slope, gain),
            at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

struct BiasLeakyReLU : torch::autograd::Function<BiasLeakyReLU> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &x, const at::Tensor &bias,
                            double slope, double gain) {
    at::Tensor y = forward_pass(x, bias, slope, gain);
    context->save_for_backward({y});
    context->saved_data["slope"] = slope;
    context->saved_data["gain"] = gain;
    context->saved_data["bias_type"] = bias.scalar_type();
    return y;
  }

  static variable_list backward(AutogradContext *context, const variable_list &incoming) {
    const double slope = context->saved_data["slope"].toDouble();
    const double gain = context->saved_data["gain"].toDouble();
    at::Tensor y = context->get_saved_variables()[0].detach();
    at::Tensor dx = ScaleBySign::apply(incoming[0], y, slope, gain);
    at::Tensor dbias;
    if (context->needs_input_grad(1)) {
      std::vector<int64_t> others;
      for (int64_t d = 0; d < dx.dim(); ++d) {
        if (d != 1) others.push_back(d);
      }
      dbias = dx.sum(others, /*keepdim=*/false, context->saved_data["bias_type"].toScalarType());
    }
    return {dx, dbias, at::Tensor(), at::Tensor()};
  }
};

}  // namespace

}  // namespace ct

ct_status ct_bias_leaky_relu(ct_tensor *result, ct_tensor x, ct_tensor bias, double slope,
                             double gain) {
  return ct::guard([&] {
    ct::wrap(result, ct::BiasLeakyReLU::apply(ct::unwrap(x), ct::unwrap(bias), slope, gain));
  });
}
