// Resampling with the separable kernel k = [1, 3, 3, 1] / 8 (Karras et al. 2019, after Zhang 2019).
//
// Per axis, with X the input of length L after inserting up - 1 zeros behind each element:
//   y[o] = gain' * sum_t k[t] X[o * down + t - pad]     t = 0 ... 3, X = 0 outside
// Both axes multiply, so gain' = sqrt(gain) each; here the gain is applied once, in the second pass.
// The adjoint has the same form, with up and down exchanged and pad' = 3 - pad (k is symmetric), so
// one operator is its own backward and double backward.

#include <torch/csrc/autograd/custom_function.h>

#include "../internal.h"
#include "parallel.h"

namespace ct {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// What one output element reads along one axis: at most four inputs.
struct Taps {
  int count = 0;
  int64_t index[4];
  double weight[4];
};

std::vector<Taps> taps_of_axis(int64_t input, int64_t output, int64_t up, int64_t down,
                               int64_t pad) {
  constexpr double kernel[4] = {1.0 / 8, 3.0 / 8, 3.0 / 8, 1.0 / 8};
  std::vector<Taps> axis(output);
  for (int64_t o = 0; o < output; ++o) {
    for (int64_t t = 0; t < 4; ++t) {
      const int64_t stretched = o * down + t - pad;
      if (stretched < 0 || stretched % up != 0 || stretched / up >= input) continue;
      axis[o].index[axis[o].count] = stretched / up;
      axis[o].weight[axis[o].count++] = kernel[t];
    }
  }
  return axis;
}

// target[i] = gain * sum over taps of weight * source[index * stride + i], for `count` neighbours.
template <typename T>
CT_INLINED void weighted_sum(T *__restrict target, const T *__restrict source, int64_t stride,
                             int64_t count, const Taps &taps, T gain) {
  const T *s[4];
  T w[4];
  for (int t = 0; t < 4; ++t) {
    s[t] = source + (t < taps.count ? taps.index[t] : 0) * stride;
    w[t] = t < taps.count ? static_cast<T>(taps.weight[t]) * gain : T(0);
  }
  switch (taps.count) {
    case 4:
      for (int64_t i = 0; i < count; ++i)
        target[i] = w[0] * s[0][i] + w[1] * s[1][i] + w[2] * s[2][i] + w[3] * s[3][i];
      break;
    case 3:
      for (int64_t i = 0; i < count; ++i)
        target[i] = w[0] * s[0][i] + w[1] * s[1][i] + w[2] * s[2][i];
      break;
    case 2:
      for (int64_t i = 0; i < count; ++i) target[i] = w[0] * s[0][i] + w[1] * s[1][i];
      break;
    case 1:
      for (int64_t i = 0; i < count; ++i) target[i] = w[0] * s[0][i];
      break;
    default:
      for (int64_t i = 0; i < count; ++i) target[i] = T(0);
  }
}

struct Geometry {
  int64_t channels, input_height, input_width, height, width;
  const Taps *rows;
  const Taps *columns;
};

// Lines begin ..< end of all output lines of the batch, NHWC. Vertical into one row, which stays in
// the cache, then horizontal from it.
template <typename T>
CT_INLINED void resample_lines_body(T *target, const T *source, T *row, const Geometry &g, T gain,
                                    int64_t begin, int64_t end) {
  const int64_t c = g.channels, line_size = g.input_width * c;
  for (int64_t line = begin; line < end; ++line) {
    const int64_t image = line / g.height, o = line % g.height;
    weighted_sum(row, source + image * g.input_height * line_size, line_size, line_size, g.rows[o],
                 T(1));
    for (int64_t j = 0; j < g.width; ++j) {
      weighted_sum(target + (line * g.width + j) * c, row, c, c, g.columns[j], gain);
    }
  }
}

#define CT_DEFINE_FOR(T)                                                                          \
  CT_VECTORISED void resample_lines(T *target, const T *source, T *row, const Geometry &g,       \
                                    T gain, int64_t begin, int64_t end) {                         \
    resample_lines_body(target, source, row, g, gain, begin, end);                                \
  }
CT_DEFINE_FOR(float)
CT_DEFINE_FOR(double)
#undef CT_DEFINE_FOR

at::Tensor resample(const at::Tensor &x, int64_t up, int64_t down, int64_t pad, int64_t height,
                    int64_t width, double gain) {
  const int64_t n = x.size(0), c = x.size(1), h = x.size(2), w = x.size(3);
  const at::Tensor input = x.contiguous(at::MemoryFormat::ChannelsLast);
  at::Tensor y = at::empty({n, c, height, width},
                           x.options().memory_format(at::MemoryFormat::ChannelsLast));
  const std::vector<Taps> rows = taps_of_axis(h, height, up, down, pad);
  const std::vector<Taps> columns = taps_of_axis(w, width, up, down, pad);
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "resample1331", [&] {
    const auto *source = input.const_data_ptr<scalar_t>();
    auto *target = y.mutable_data_ptr<scalar_t>();
    const Geometry geometry{c, h, w, height, width, rows.data(), columns.data()};
    parallel_ranges(n * height, 4, [&](int64_t begin, int64_t end) {
      std::vector<scalar_t> row(w * c);
      resample_lines(target, source, row.data(), geometry, static_cast<scalar_t>(gain), begin, end);
    });
  });
  return y;
}

// The same from libtorch's operators, for other devices and types.
at::Tensor composed(const at::Tensor &x, int64_t up, int64_t down, int64_t pad, int64_t height,
                    int64_t width, double gain) {
  const int64_t n = x.size(0), c = x.size(1), h = x.size(2), w = x.size(3);
  at::Tensor stretched = x;
  if (up > 1) {
    stretched = at::zeros({n, c, h, up, w, up}, x.options());
    stretched.select(5, 0).select(3, 0).copy_(x);
    stretched = stretched.reshape({n, c, h * up, w * up});
  }
  const int64_t pad_bottom = (height - 1) * down + 4 - pad - h * up;
  const int64_t pad_right = (width - 1) * down + 4 - pad - w * up;
  stretched = at::constant_pad_nd(stretched, {pad, pad_right, pad, pad_bottom}, 0);
  const at::Tensor k = at::tensor({1.0, 3.0, 3.0, 1.0}, at::kDouble) / 8;
  const at::Tensor kernel = (at::outer(k, k) * gain).to(x.options()).expand({c, 1, 4, 4});
  return at::conv2d(stretched, kernel, {}, at::IntArrayRef(down), at::IntArrayRef{0, 0},
                    at::IntArrayRef{1, 1}, c);
}

struct Resample : torch::autograd::Function<Resample> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &x, int64_t up, int64_t down,
                            int64_t pad, int64_t height, int64_t width, double gain) {
    context->saved_data["geometry"] =
        std::vector<int64_t>{up, down, pad, x.size(2), x.size(3)};
    context->saved_data["gain"] = gain;
    const bool has_kernel =
        x.is_cpu() && (x.scalar_type() == at::kFloat || x.scalar_type() == at::kDouble);
    return has_kernel ? resample(x, up, down, pad, height, width, gain)
                      : composed(x, up, down, pad, height, width, gain);
  }

  static variable_list backward(AutogradContext *context, const variable_list &incoming) {
    const auto g = context->saved_data["geometry"].toIntVector();
    const double gain = context->saved_data["gain"].toDouble();
    at::Tensor dx = Resample::apply(incoming[0], g[1], g[0], 3 - g[2], g[3], g[4], gain);
    return {dx,           at::Tensor(), at::Tensor(), at::Tensor(),
            at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

int64_t output_length(int64_t input, int64_t up, int64_t down, int64_t before, int64_t after) {
  const int64_t room = input * up + before + after - 4;
  // Checked before the division, which rounds -1 / 2 to 0.
  TORCH_CHECK(room >= 0, "resampling ", input, " elements by ", up, " with padding ", before, " and ",
              after, " leaves less than the kernel's 4");
  return room / down + 1;
}

}  // namespace

}  // namespace ct

ct_status ct_resample1331(ct_tensor *result, ct_tensor handle, int64_t up, int64_t down,
                          int64_t pad_before, int64_t pad_after, double gain) {
  return ct::guard([&] {
    const at::Tensor &x = ct::unwrap(handle);
    TORCH_CHECK(x.dim() == 4, "resampling takes NCHW, not ", x.sizes());
    TORCH_CHECK((up == 1 || up == 2) && (down == 1 || down == 2), "up and down are 1 or 2");
    ct::wrap(result,
             ct::Resample::apply(x, up, down, pad_before,
                                 ct::output_length(x.size(2), up, down, pad_before, pad_after),
                                 ct::output_length(x.size(3), up, down, pad_before, pad_after),
                                 gain));
  });
}
