// y = gain * leaky_relu(z, slope) with z = x * d + strength * noise + bias: what follows a
// modulated convolution. x [N, C, H, W], d [N, C], noise [N or 1, 1, H, W], strength [1], bias [C].
//
// The sign of y is that of z, so with m = y > 0 ? gain : gain * slope, y = m * z and g = dy * m:
//
//   dx = g * d      d(bias) = sum of g      d(strength) = sum of g * noise
//   d(d) = sum over pixels of g * x
//        = (sum of dy * y - strength * sum of g * noise - bias * sum of g) / d
//
// The last line needs no x: it is not kept for the backward pass, and d must not be zero. These are
// functions of dy, y, d, strength and bias; where they are differentiated again, with e, f, h, k the
// gradients of dx, d(d), d(strength), d(bias):
//
//   d(dy) = m * (e * d + k + h * noise) + f / d * (y - m * (strength * noise + bias))
//   d(y) = f / d * dy                            (which goes on through y itself)
//   d(d) = sum over pixels of e * g - f * d(d) / d
//   d(strength) = - sum of f / d * g * noise     d(bias) = - sum of f / d * g
//
// Each of the three is one pass over memory. There is no third derivative.

#include <torch/csrc/autograd/custom_function.h>

#include <numeric>

#include <CTorch/implementation/handles.h>

#include "CKernels/operators.h"
#include "../elements.h"

namespace ck {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

template <typename A>
struct Curve {
  A slope, gain;
};

template <typename T, typename A>
CT_INLINED void activate(T *__restrict y, const T *__restrict x, const A *__restrict d,
                         const A *__restrict noise, const A *__restrict bias, A strength,
                         Curve<A> curve, int64_t rows, int64_t channels) {
  for (int64_t row = 0; row < rows; ++row) {
    const A offset = strength * noise[row];
    for (int64_t c = 0; c < channels; ++c) {
      const int64_t i = row * channels + c;
      const A z = upcast(x[i]) * d[c] + offset + bias[c];
      store(&y[i], (z > 0 ? z : z * curve.slope) * curve.gain);
    }
  }
}

// `sums` are those of dy * y, of g and of g * noise: [3][C].
template <typename T, typename A>
CT_INLINED void activate_backward(T *__restrict dx, const T *__restrict dy, const T *__restrict y,
                                  const A *__restrict d, const A *__restrict noise,
                                  A *__restrict sums, Curve<A> curve, int64_t rows,
                                  int64_t channels) {
  const A down = curve.gain * curve.slope;
  A *__restrict products = sums;
  A *__restrict gradients = sums + channels;
  A *__restrict noisy = sums + 2 * channels;
  for (int64_t row = 0; row < rows; ++row) {
    const A level = noise[row];
    for (int64_t c = 0; c < channels; ++c) {
      const int64_t i = row * channels + c;
      const A incoming = upcast(dy[i]), value = upcast(y[i]);
      const A g = incoming * (value > 0 ? curve.gain : down);
      store(&dx[i], g * d[c]);
      products[c] += incoming * value;
      gradients[c] += g;
      noisy[c] += g * level;
    }
  }
}

// `sums` are those of e * g: [C]. `f` is f / d already.
template <typename T, typename A>
CT_INLINED void activate_second(T *__restrict ddy, T *__restrict dy_y, const T *__restrict e,
                                const T *__restrict dy, const T *__restrict y,
                                const A *__restrict d, const A *__restrict noise,
                                const A *__restrict bias, const A *__restrict f,
                                const A *__restrict k, A h, A strength, A *__restrict sums,
                                Curve<A> curve, int64_t rows, int64_t channels) {
  const A down = curve.gain * curve.slope;
  for (int64_t row = 0; row < rows; ++row) {
    const A offset = strength * noise[row], slant = h * noise[row];
    for (int64_t c = 0; c < channels; ++c) {
      const int64_t i = row * channels + c;
      const A outer = upcast(e[i]), incoming = upcast(dy[i]), value = upcast(y[i]);
      const A m = value > 0 ? curve.gain : down;
      store(&ddy[i],
            m * (outer * d[c] + k[c] + slant) + f[c] * (value - m * (offset + bias[c])));
      store(&dy_y[i], f[c] * incoming);
      sums[c] += outer * incoming * m;
    }
  }
}

// Where the noise of an image begins: all images may share one map.
int64_t noise_start(const at::Tensor &noise, int64_t image, int64_t rows) {
  return noise.size(0) == 1 ? 0 : image * rows;
}

// The gradient of `StyledActivation`, differentiable by all arguments but the noise.
struct StyledActivationBackward : torch::autograd::Function<StyledActivationBackward> {
  static variable_list forward(AutogradContext *context, const at::Tensor &dy, const at::Tensor &y,
                               const at::Tensor &d, const at::Tensor &noise,
                               const at::Tensor &strength, const at::Tensor &bias, double slope,
                               double gain) {
    count_run(ck_kernel_styled_activation);
    const at::Tensor incoming = channels_fastest(dy.to(y.scalar_type()));
    const at::Tensor factors = argument(d, y), levels = argument(noise, y);
    at::Tensor dx = at::empty_like(y);
    std::vector<double> totals;
    const RowBlocks blocks = row_blocks(y);
    CT_DISPATCH(y.scalar_type(), "styled_activation_backward", [&] {
      using A = Arithmetic<scalar_t>;
      ChannelSums<A> sums(blocks, 3);
      auto *target = dx.mutable_data_ptr<scalar_t>();
      const auto *gradient = incoming.const_data_ptr<scalar_t>();
      const auto *value = y.const_data_ptr<scalar_t>();
      const auto *factor = factors.const_data_ptr<A>();
      const auto *level = levels.const_data_ptr<A>();
      const Curve<A> curve{static_cast<A>(slope), static_cast<A>(gain)};
      const int64_t c = blocks.channels;
      blocks.for_each([&](int64_t block, int64_t image, int64_t row, int64_t rows) {
        const int64_t start = (image * blocks.rows + row) * c;
        vectorised<activate_backward<scalar_t, A>>(
            target + start, gradient + start, value + start, factor + image * c,
            level + noise_start(levels, image, blocks.rows) + row, sums.of_block(block), curve,
            rows, c);
      });
      totals = sums.total();
    });
    const int64_t channels = d.size(1), count = d.numel();
    const double *products = totals.data(), *gradients = products + count;
    const double *noisy = gradients + count;
    const std::vector<double> factor = numbers(d), offset = numbers(bias);
    const double loudness = numbers(strength)[0];
    const at::Tensor dd = small_tensor(d.sizes(), at::kDouble, [&](int64_t i) {
      return (products[i] - loudness * noisy[i] - offset[i % channels] * gradients[i]) / factor[i];
    });
    const at::Tensor sums = small_tensor({2, d.size(0), channels}, at::kDouble,
                                         [&](int64_t i) { return gradients[i]; });
    context->save_for_backward({incoming, y, d, noise, strength, bias, sums, dd});
    context->saved_data["slope"] = slope;
    context->saved_data["gain"] = gain;
    const auto dstrength = [&](int64_t) { return std::accumulate(noisy, noisy + count, 0.0); };
    const auto dbias = [&](int64_t c) {
      double sum = 0;
      for (int64_t i = c; i < count; i += channels) sum += gradients[i];
      return sum;
    };
    const auto dfactor = [of = dd.const_data_ptr<double>()](int64_t i) { return of[i]; };
    return {dx, small_tensor(d.sizes(), d.scalar_type(), dfactor),
            small_tensor({1}, strength.scalar_type(), dstrength),
            small_tensor(bias.sizes(), bias.scalar_type(), dbias)};
  }

  static variable_list backward(AutogradContext *context, const variable_list &incoming) {
    TORCH_CHECK(!at::GradMode::is_enabled(), "a styled activation has no third derivative");
    count_run(ck_kernel_styled_activation);
    const auto saved = context->get_saved_variables();
    const at::Tensor &dy = saved[0], &y = saved[1], &d = saved[2], &noise = saved[3];
    const at::Tensor &strength = saved[4], &bias = saved[5], &sums_of_g = saved[6], &dd = saved[7];
    const double slope = context->saved_data["slope"].toDouble();
    const double gain = context->saved_data["gain"].toDouble();
    const at::Tensor e = channels_fastest(incoming[0].to(y.scalar_type()));
    const at::Tensor quotient = incoming[1].to(at::kDouble) / d;
    const at::Tensor f = argument(quotient, y), k = argument(incoming[3], y);
    const at::Tensor factors = argument(d, y), levels = argument(noise, y);
    const at::Tensor offsets = argument(bias, y);
    at::Tensor ddy = at::empty_like(y), dy_y = at::empty_like(y), sum;
    const RowBlocks blocks = row_blocks(y);
    CT_DISPATCH(y.scalar_type(), "styled_activation_second", [&] {
      using A = Arithmetic<scalar_t>;
      ChannelSums<A> sums(blocks, 1);
      auto *outer_target = ddy.mutable_data_ptr<scalar_t>();
      auto *value_target = dy_y.mutable_data_ptr<scalar_t>();
      const auto *outer = e.const_data_ptr<scalar_t>();
      const auto *gradient = dy.const_data_ptr<scalar_t>();
      const auto *value = y.const_data_ptr<scalar_t>();
      const auto *factor = factors.const_data_ptr<A>();
      const auto *level = levels.const_data_ptr<A>();
      const auto *shift = offsets.const_data_ptr<A>();
      const auto *by_factor = f.const_data_ptr<A>();
      const auto *by_shift = k.const_data_ptr<A>();
      const A by_strength = static_cast<A>(incoming[2].item().toDouble());
      const A loudness = static_cast<A>(strength.item().toDouble());
      const Curve<A> curve{static_cast<A>(slope), static_cast<A>(gain)};
      const int64_t c = blocks.channels;
      blocks.for_each([&](int64_t block, int64_t image, int64_t row, int64_t rows) {
        const int64_t start = (image * blocks.rows + row) * c;
        vectorised<activate_second<scalar_t, A>>(
            outer_target + start, value_target + start, outer + start, gradient + start,
            value + start, factor + image * c,
            level + noise_start(levels, image, blocks.rows) + row, shift, by_factor + image * c,
            by_shift, by_strength, loudness, sums.of_block(block), curve, rows, c);
      });
      sum = small_tensor(d.sizes(), at::kDouble,
                         [total = sums.total()](int64_t i) { return total[i]; });
    });
    return {ddy,
            dy_y,
            (sum - quotient * dd).to(d.scalar_type()),
            at::Tensor(),
            -(quotient * sums_of_g[1]).sum().reshape({1}).to(strength.scalar_type()),
            -(quotient * sums_of_g[0]).sum(0).to(bias.scalar_type()),
            at::Tensor(),
            at::Tensor()};
  }
};

struct StyledActivation : torch::autograd::Function<StyledActivation> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &x, const at::Tensor &d,
                            const at::Tensor &noise, const at::Tensor &strength,
                            const at::Tensor &bias, double slope, double gain) {
    count_run(ck_kernel_styled_activation);
    const at::Tensor input = channels_fastest(x);
    const at::Tensor factors = argument(d, x), levels = argument(noise, x);
    const at::Tensor offsets = argument(bias, x);
    at::Tensor y = at::empty_like(input);
    const RowBlocks blocks = row_blocks(x);
    CT_DISPATCH(x.scalar_type(), "styled_activation", [&] {
      using A = Arithmetic<scalar_t>;
      const auto *source = input.const_data_ptr<scalar_t>();
      auto *target = y.mutable_data_ptr<scalar_t>();
      const auto *factor = factors.const_data_ptr<A>();
      const auto *level = levels.const_data_ptr<A>();
      const auto *shift = offsets.const_data_ptr<A>();
      const A loudness = static_cast<A>(strength.item().toDouble());
      const Curve<A> curve{static_cast<A>(slope), static_cast<A>(gain)};
      const int64_t c = blocks.channels;
      blocks.for_each([&](int64_t, int64_t image, int64_t row, int64_t rows) {
        const int64_t start = (image * blocks.rows + row) * c;
        vectorised<activate<scalar_t, A>>(target + start, source + start, factor + image * c,
                                          level + noise_start(levels, image, blocks.rows) + row,
                                          shift, loudness, curve, rows, c);
      });
    });
    context->save_for_backward({y, d, noise, strength, bias});
    context->saved_data["slope"] = slope;
    context->saved_data["gain"] = gain;
    return y;
  }

  static variable_list backward(AutogradContext *context, const variable_list &incoming) {
    const auto saved = context->get_saved_variables();
    const auto gradients = StyledActivationBackward::apply(
        incoming[0], saved[0], saved[1], saved[2], saved[3], saved[4],
        context->saved_data["slope"].toDouble(), context->saved_data["gain"].toDouble());
    return {gradients[0], gradients[1], at::Tensor(), gradients[2],
            gradients[3], at::Tensor(), at::Tensor()};
  }
};

at::Tensor styled_activation(const at::Tensor &x, const at::Tensor &d, const at::Tensor &noise,
                             const at::Tensor &strength, const at::Tensor &bias, double slope,
                             double gain) {
  // The loops read through pointers: nothing else would notice an argument that does not fit.
  TORCH_CHECK(x.dim() == 4, "a styled activation takes [N, C, H, W], not ", x.sizes());
  const int64_t n = x.size(0), c = x.size(1), h = x.size(2), w = x.size(3);
  TORCH_CHECK(d.sizes().equals({n, c}), "factors of ", d.sizes(), " for ", x.sizes());
  TORCH_CHECK(noise.sizes().equals({n, 1, h, w}) || noise.sizes().equals({1, 1, h, w}),
              "noise of ", noise.sizes(), " for ", x.sizes());
  TORCH_CHECK(strength.sizes().equals({1}), "a noise strength of ", strength.sizes());
  TORCH_CHECK(bias.sizes().equals({c}), "a bias of ", bias.sizes(), " for the channels of ",
              x.sizes());
  for (const at::Tensor &other : {d, noise, strength, bias}) {
    TORCH_CHECK(other.device() == x.device(), "an argument on ", other.device(), " for ",
                x.device());
  }
  TORCH_CHECK(gain > 0 && slope >= 0,
              "the sign of y tells that of the sum for positive gains only");
  if (has_kernel_type(x) && !noise.requires_grad()) {
    return StyledActivation::apply(x, d, noise, strength, bias, slope, gain);
  }
  const at::Tensor sum =
      x * d.unsqueeze(2).unsqueeze(3) + noise * strength + bias.reshape({1, c, 1, 1});
  return (at::leaky_relu(sum, slope) * gain).to(x.scalar_type());
}

}  // namespace

}  // namespace ck

ct_status ck_styled_activation(ct_tensor *result, ct_tensor x, ct_tensor demodulation,
                               ct_tensor noise, ct_tensor strength, ct_tensor bias, double slope,
                               double gain) {
  return ck::guard([&] {
    ck::wrap(result, ck::styled_activation(ck::unwrap(x), ck::unwrap(demodulation),
                                           ck::unwrap(noise), ck::unwrap(strength),
                                           ck::unwrap(bias), slope, gain));
  });
}
