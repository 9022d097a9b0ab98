// y = x * s, with x [N, C, H, W] and one factor s [N, C] a channel and picture (a style).
//
//   dx = dy * s        ds = sum over pixels of dy * x
//
// and, where these are differentiated again, with e and f the gradients of dx and ds:
//
//   d(dy) = e * s + f * x        d(x) = f * dy        d(s) = sum over pixels of e * dy
//
// Each of the three is one pass over memory. There is no third derivative.

#include <torch/csrc/autograd/custom_function.h>

#include <CTorch/implementation/handles.h>

#include "CKernels/operators.h"
#include "../elements.h"

namespace ck {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

template <typename T, typename A>
CT_INLINED void scale(T *__restrict y, const T *__restrict x, const A *__restrict s, int64_t rows,
                      int64_t channels) {
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t c = 0; c < channels; ++c) {
      store(&y[row * channels + c], upcast(x[row * channels + c]) * s[c]);
    }
  }
}

template <typename T, typename A>
CT_INLINED void scale_backward(T *__restrict dx, const T *__restrict dy, const T *__restrict x,
                               const A *__restrict s, A *__restrict ds, int64_t rows,
                               int64_t channels) {
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t c = 0; c < channels; ++c) {
      const int64_t i = row * channels + c;
      const A incoming = upcast(dy[i]);
      store(&dx[i], incoming * s[c]);
      ds[c] += incoming * upcast(x[i]);
    }
  }
}

template <typename T, typename A>
CT_INLINED void scale_second(T *__restrict ddy, T *__restrict dx, const T *__restrict e,
                             const T *__restrict dy, const T *__restrict x, const A *__restrict f,
                             const A *__restrict s, A *__restrict ds, int64_t rows,
                             int64_t channels) {
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t c = 0; c < channels; ++c) {
      const int64_t i = row * channels + c;
      const A outer = upcast(e[i]), incoming = upcast(dy[i]);
      store(&ddy[i], outer * s[c] + f[c] * upcast(x[i]));
      store(&dx[i], f[c] * incoming);
      ds[c] += outer * incoming;
    }
  }
}

// The gradient of `ScaleChannels`, differentiable by all three arguments.
struct ScaleChannelsBackward : torch::autograd::Function<ScaleChannelsBackward> {
  static variable_list forward(AutogradContext *context, const at::Tensor &dy, const at::Tensor &x,
                               const at::Tensor &s) {
    count_run(ck_kernel_scaled_channels);
    const at::Tensor incoming = channels_fastest(dy.to(x.scalar_type()));
    const at::Tensor input = channels_fastest(x);
    context->save_for_backward({incoming, input, s});
    const at::Tensor scale = argument(s, x);
    at::Tensor dx = at::empty_like(input), ds;
    const RowBlocks blocks = row_blocks(x);
    CT_DISPATCH(x.scalar_type(), "scaled_channels_backward", [&] {
      using A = Arithmetic<scalar_t>;
      ChannelSums<A> sums(blocks, 1);
      auto *target = dx.mutable_data_ptr<scalar_t>();
      const auto *gradient = incoming.const_data_ptr<scalar_t>();
      const auto *source = input.const_data_ptr<scalar_t>();
      const auto *factor = scale.const_data_ptr<A>();
      const int64_t c = blocks.channels;
      blocks.for_each([&](int64_t block, int64_t image, int64_t row, int64_t rows) {
        const int64_t start = (image * blocks.rows + row) * c;
        vectorised<scale_backward<scalar_t, A>>(target + start, gradient + start, source + start,
                                                factor + image * c, sums.of_block(block), rows, c);
      });
      ds = small_tensor(s.sizes(), s.scalar_type(),
                        [total = sums.total()](int64_t i) { return total[i]; });
    });
    return {dx, ds};
  }

  static variable_list backward(AutogradContext *context, const variable_list &incoming) {
    TORCH_CHECK(!at::GradMode::is_enabled(), "scaled channels have no third derivative");
    count_run(ck_kernel_scaled_channels);
    const auto saved = context->get_saved_variables();
    const at::Tensor &dy = saved[0], &x = saved[1], &s = saved[2];
    const at::Tensor e = channels_fastest(incoming[0].to(x.scalar_type()));
    const at::Tensor f = argument(incoming[1], x), scale = argument(s, x);
    at::Tensor ddy = at::empty_like(x), dx = at::empty_like(x), ds;
    const RowBlocks blocks = row_blocks(x);
    CT_DISPATCH(x.scalar_type(), "scaled_channels_second", [&] {
      using A = Arithmetic<scalar_t>;
      ChannelSums<A> sums(blocks, 1);
      auto *outer_target = ddy.mutable_data_ptr<scalar_t>();
      auto *target = dx.mutable_data_ptr<scalar_t>();
      const auto *outer = e.const_data_ptr<scalar_t>();
      const auto *gradient = dy.const_data_ptr<scalar_t>();
      const auto *source = x.const_data_ptr<scalar_t>();
      const auto *slope = f.const_data_ptr<A>();
      const auto *factor = scale.const_data_ptr<A>();
      const int64_t c = blocks.channels;
      blocks.for_each([&](int64_t block, int64_t image, int64_t row, int64_t rows) {
        const int64_t start = (image * blocks.rows + row) * c;
        vectorised<scale_second<scalar_t, A>>(outer_target + start, target + start, outer + start,
                                              gradient + start, source + start, slope + image * c,
                                              factor + image * c, sums.of_block(block), rows, c);
      });
      ds = small_tensor(s.sizes(), s.scalar_type(),
                        [total = sums.total()](int64_t i) { return total[i]; });
    });
    return {ddy, dx, ds};
  }
};

struct ScaleChannels : torch::autograd::Function<ScaleChannels> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &x, const at::Tensor &s) {
    count_run(ck_kernel_scaled_channels);
    context->save_for_backward({x, s});
    context->set_materialize_grads(false);
    const at::Tensor input = channels_fastest(x);
    const at::Tensor scale = argument(s, x);
    at::Tensor y = at::empty_like(input);
    const RowBlocks blocks = row_blocks(x);
    CT_DISPATCH(x.scalar_type(), "scaled_channels", [&] {
      using A = Arithmetic<scalar_t>;
      const auto *source = input.const_data_ptr<scalar_t>();
      auto *target = y.mutable_data_ptr<scalar_t>();
      const auto *factor = scale.const_data_ptr<A>();
      const int64_t c = blocks.channels;
      blocks.for_each([&](int64_t, int64_t image, int64_t row, int64_t rows) {
        const int64_t start = (image * blocks.rows + row) * c;
        vectorised<ck::scale<scalar_t, A>>(target + start, source + start, factor + image * c, rows,
                                           c);
      });
    });
    return y;
  }

  static variable_list backward(AutogradContext *context, const variable_list &incoming) {
    // The path length's second derivative reaches what is scaled for a picture by the scale alone.
    if (!incoming[0].defined()) return {at::Tensor(), at::Tensor()};
    const auto saved = context->get_saved_variables();
    return ScaleChannelsBackward::apply(incoming[0], saved[0], saved[1]);
  }
};

at::Tensor scaled_channels(const at::Tensor &x, const at::Tensor &s) {
  // The loops read through pointers: nothing else would notice a scale that does not fit.
  TORCH_CHECK(x.dim() == 4, "channels are scaled in [N, C, H, W], not ", x.sizes());
  TORCH_CHECK(s.dim() == 2 && s.size(0) == x.size(0) && s.size(1) == x.size(1), "a scale of ",
              s.sizes(), " for the channels of ", x.sizes());
  TORCH_CHECK(s.device() == x.device(), "a scale on ", s.device(), " for ", x.device());
  if (has_kernel_type(x)) return ScaleChannels::apply(x, s);
  return (x * s.unsqueeze(2).unsqueeze(3)).to(x.scalar_type());
}

}  // namespace

}  // namespace ck

ct_status ck_scaled_channels(ct_tensor *result, ct_tensor x, ct_tensor scale) {
  return ck::guard([&] { ck::wrap(result, ck::scaled_channels(ck::unwrap(x), ck::unwrap(scale))); });
}
