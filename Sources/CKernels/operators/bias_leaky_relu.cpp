// y = gain * leaky_relu(x + b bias, slope), one pass; b is a number.
//
// The sign of y is that of the sum, so y alone tells the slope:
//   dx = dy * (y > 0 ? gain : gain * slope)        dbias = b * sum of dx over all but dimension 1
// One pass gives both. Where they are differentiated again, dx is linear in dy with the same
// factors, so its derivative is the same operator once more, and dbias is libtorch's sum of dx.

#include <torch/csrc/autograd/custom_function.h>

#include <CTorch/implementation/handles.h>

#include "CKernels/operators.h"
#include "../elements.h"

namespace ck {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int64_t smallest_range = 16384;

template <typename T, typename A>
CT_INLINED void add_and_activate(T *__restrict y, const T *__restrict x, const A *__restrict bias,
                                 int64_t rows, int64_t channels, A slope, A gain) {
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t c = 0; c < channels; ++c) {
      const A sum = upcast(x[row * channels + c]) + bias[c];
      store(&y[row * channels + c], (sum > 0 ? sum : sum * slope) * gain);
    }
  }
}

template <typename T, typename A>
CT_INLINED void scale_by_sign(T *__restrict dx, const T *__restrict dy, const T *__restrict y,
                              int64_t count, A slope, A gain) {
  const A down = gain * slope;
  for (int64_t i = 0; i < count; ++i) {
    store(&dx[i], upcast(dy[i]) * (upcast(y[i]) > 0 ? gain : down));
  }
}

template <typename T, typename A>
CT_INLINED void scale_by_sign_and_sum(T *__restrict dx, A *__restrict sums, const T *__restrict dy,
                                      const T *__restrict y, int64_t rows, int64_t channels,
                                      A slope, A gain) {
  const A down = gain * slope;
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t c = 0; c < channels; ++c) {
      const int64_t i = row * channels + c;
      const A g = upcast(dy[i]) * (upcast(y[i]) > 0 ? gain : down);
      store(&dx[i], g);
      sums[c] += g;
    }
  }
}

bool has_kernel(const at::Tensor &x) {
  return has_kernel_type(x) && (x.dim() == 2 || x.dim() == 4);
}

// All rows as one image: the bias knows no pictures.
RowBlocks all_rows(const at::Tensor &x) {
  return RowBlocks(1, x.numel() / std::max<int64_t>(1, x.size(1)), x.size(1));
}

at::Tensor forward_pass(const at::Tensor &x, const at::Tensor &bias, double bias_scale, double slope,
                        double gain) {
  // The loop below reads through pointers: nothing else would notice a bias that does not fit.
  TORCH_CHECK(x.dim() >= 2, "bias and leaky ReLU take [N, C, ...], not ", x.sizes());
  TORCH_CHECK(bias.dim() == 1 && bias.size(0) == x.size(1), "a bias of ", bias.sizes(),
              " for the channels of ", x.sizes());
  TORCH_CHECK(bias.device() == x.device(), "a bias on ", bias.device(), " for ", x.device());
  TORCH_CHECK(gain > 0 && slope >= 0, "the sign of y tells that of x + bias for positive gains only");
  if (!has_kernel(x)) {
    std::vector<int64_t> shape(x.dim(), 1);
    shape[1] = -1;
    return (at::leaky_relu(x + bias.reshape(shape) * bias_scale, slope) * gain).to(x.scalar_type());
  }
  count_run(ck_kernel_bias_leaky_relu);
  const at::Tensor input = channels_fastest(x);
  const at::Tensor offset = small_tensor(
      bias.sizes(), arithmetic_type(x),
      [&, values = numbers(bias)](int64_t c) { return bias_scale * values[c]; });
  at::Tensor y = at::empty_like(input);
  const RowBlocks blocks = all_rows(x);
  CT_DISPATCH(x.scalar_type(), "bias_leaky_relu", [&] {
    using A = Arithmetic<scalar_t>;
    const auto *source = input.const_data_ptr<scalar_t>();
    const auto *shift = offset.const_data_ptr<A>();
    auto *target = y.mutable_data_ptr<scalar_t>();
    const int64_t c = blocks.channels;
    blocks.for_each([&](int64_t, int64_t, int64_t row, int64_t rows) {
      vectorised<add_and_activate<scalar_t, A>>(target + row * c, source + row * c, shift, rows, c,
                                                static_cast<A>(slope), static_cast<A>(gain));
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
    if (!has_kernel(y)) return at::leaky_relu_backward(dy, y, slope, /*is_result=*/true) * gain;
    count_run(ck_kernel_bias_leaky_relu);
    const at::Tensor incoming = channels_fastest(dy.to(y.scalar_type()));
    const at::Tensor activated = channels_fastest(y);
    at::Tensor dx = at::empty_like(activated);
    CT_DISPATCH(y.scalar_type(), "scale_by_sign", [&] {
      using A = Arithmetic<scalar_t>;
      const auto *source = incoming.const_data_ptr<scalar_t>();
      const auto *sign = activated.const_data_ptr<scalar_t>();
      auto *target = dx.mutable_data_ptr<scalar_t>();
      parallel_ranges(y.numel(), smallest_range, [&](int64_t begin, int64_t end) {
        vectorised<scale_by_sign<scalar_t, A>>(target + begin, source + begin, sign + begin,
                                               end - begin, static_cast<A>(slope),
                                               static_cast<A>(gain));
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

// dx and dbias in one pass, without a graph.
std::pair<at::Tensor, at::Tensor> backward_pass(const at::Tensor &dy, const at::Tensor &y,
                                                double bias_scale, double slope, double gain) {
  count_run(ck_kernel_bias_leaky_relu);
  const at::Tensor incoming = channels_fastest(dy.to(y.scalar_type()));
  at::Tensor dx = at::empty_like(y), dbias;
  const RowBlocks blocks = all_rows(y);
  CT_DISPATCH(y.scalar_type(), "bias_leaky_relu_backward", [&] {
    using A = Arithmetic<scalar_t>;
    ChannelSums<A> sums(blocks, 1);
    const auto *source = incoming.const_data_ptr<scalar_t>();
    const auto *sign = y.const_data_ptr<scalar_t>();
    auto *target = dx.mutable_data_ptr<scalar_t>();
    const int64_t c = blocks.channels;
    blocks.for_each([&](int64_t block, int64_t, int64_t row, int64_t rows) {
      vectorised<scale_by_sign_and_sum<scalar_t, A>>(target + row * c, sums.of_block(block),
                                                     source + row * c, sign + row * c, rows, c,
                                                     static_cast<A>(slope), static_cast<A>(gain));
    });
    dbias = small_tensor({c}, arithmetic_type(y), [&, total = sums.total()](int64_t channel) {
      return bias_scale * total[channel];
    });
  });
  return {dx, dbias};
}

struct BiasLeakyReLU : torch::autograd::Function<BiasLeakyReLU> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &x, const at::Tensor &bias,
                            double bias_scale, double slope, double gain) {
    at::Tensor y = forward_pass(x, bias, bias_scale, slope, gain);
    context->saved_data["bias_scale"] = bias_scale;
    context->save_for_backward({y});
    context->saved_data["slope"] = slope;
    context->saved_data["gain"] = gain;
    return y;
  }

  static variable_list backward(AutogradContext *context, const variable_list &incoming) {
    const double slope = context->saved_data["slope"].toDouble();
    const double gain = context->saved_data["gain"].toDouble();
    const double bias_scale = context->saved_data["bias_scale"].toDouble();
    at::Tensor y = context->get_saved_variables()[0].detach();
    if (context->needs_input_grad(1) && has_kernel(y) && !at::GradMode::is_enabled()) {
      const auto [dx, dbias] = backward_pass(incoming[0], y, bias_scale, slope, gain);
      return {dx, dbias, at::Tensor(), at::Tensor(), at::Tensor()};
    }
    at::Tensor dx = ScaleBySign::apply(incoming[0], y, slope, gain);
    at::Tensor dbias;
    if (context->needs_input_grad(1)) {
      std::vector<int64_t> others;
      for (int64_t d = 0; d < dx.dim(); ++d) {
        if (d != 1) others.push_back(d);
      }
      dbias = times(dx.sum(others, /*keepdim=*/false, arithmetic_type(dx)), bias_scale);
    }
    return {dx, dbias, at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

}  // namespace

}  // namespace ck

ct_status ck_bias_leaky_relu(ct_tensor *result, ct_tensor x, ct_tensor bias, double bias_scale,
                             double slope, double gain) {
  return ck::guard([&] {
    ck::wrap(result,
             ck::BiasLeakyReLU::apply(ck::unwrap(x), ck::unwrap(bias), bias_scale, slope, gain));
  });
}
