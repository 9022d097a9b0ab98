// Resampling with the separable kernel k = [1, 3, 3, 1] / 8 (Karras et al. 2019, after Zhang 2019).
//
// Per axis, with X the input of length L after inserting up - 1 zeros behind each element:
//   y[o] = gain' * sum_t k[t] X[o * down + t - pad]     t = 0 ... 3, X = 0 outside
// Both axes multiply, so gain' = sqrt(gain) each; here the gain is applied once, in the second pass.
// The adjoint has the same form, with up and down exchanged and pad' = 3 - pad (k is symmetric), so
// one operator is its own backward and double backward.

#include <torch/csrc/autograd/custom_function.h>

#include <CTorch/implementation/handles.h>

#include "CKernels/operators.h"
#include "../elements.h"

namespace ck {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr double kernel_weights[4] = {1.0 / 8, 3.0 / 8, 3.0 / 8, 1.0 / 8};

// Which inputs the outputs of one axis read. With zeros in between, every other weight falls on one.
struct Axis {
  int64_t input, output, up, down, pad;

  int64_t taps() const { return up == 1 ? 4 : 2; }
  int64_t first_tap(int64_t o) const { return up == 1 ? 0 : (o * down - pad) & 1; }
  // The input under the first tap; the others follow it. It may lie outside, where zeros are.
  int64_t first_input(int64_t o) const {
    const int64_t stretched = o * down - pad + first_tap(o);
    return up == 1 ? stretched : stretched >> 1;
  }
  double weight(int64_t o, int64_t tap) const { return kernel_weights[first_tap(o) + tap * up]; }
  // Zeros that the taps reach on either side of the input.
  int64_t before() const { return std::max<int64_t>(0, -first_input(0)); }
  int64_t after() const {
    return std::max<int64_t>(0, first_input(output - 1) + taps() - input);
  }
};

struct Geometry {
  int64_t channels;
  Axis rows, columns;
};

// target[i] = sum over the taps of line o of weight * source[input * stride + i].
template <typename T, typename A>
CT_INLINED void vertical(A *__restrict target, const T *__restrict source, int64_t stride,
                         const Axis &axis, int64_t o) {
  const T *s[4];
  A w[4];
  int count = 0;
  for (int64_t tap = 0; tap < axis.taps(); ++tap) {
    const int64_t input = axis.first_input(o) + tap;
    if (input < 0 || input >= axis.input) continue;
    s[count] = source + input * stride;
    w[count++] = static_cast<A>(axis.weight(o, tap));
  }
  switch (count) {
    case 4:
      for (int64_t i = 0; i < stride; ++i) {
        target[i] = w[0] * upcast(s[0][i]) + w[1] * upcast(s[1][i]) + w[2] * upcast(s[2][i]) +
                    w[3] * upcast(s[3][i]);
      }
      break;
    case 3:
      for (int64_t i = 0; i < stride; ++i) {
        target[i] = w[0] * upcast(s[0][i]) + w[1] * upcast(s[1][i]) + w[2] * upcast(s[2][i]);
      }
      break;
    case 2:
      for (int64_t i = 0; i < stride; ++i) {
        target[i] = w[0] * upcast(s[0][i]) + w[1] * upcast(s[1][i]);
      }
      break;
    case 1:
      for (int64_t i = 0; i < stride; ++i) target[i] = w[0] * upcast(s[0][i]);
      break;
    default:
      for (int64_t i = 0; i < stride; ++i) target[i] = A(0);
  }
}

// One line of the output from `row`, which begins `axis.before()` zeros left of the input. `c` is
// the channel count, known to the compiler for pictures.
template <typename T, typename A>
CT_INLINED void horizontal(T *__restrict target, const A *__restrict row, const Axis &axis,
                           int64_t c, A gain) {
  const A *__restrict begin = row + axis.before() * c;
  if (axis.up == 1 && axis.down == 1) {
    // Neighbours of neighbours are neighbours: the line is one loop.
    const A outer = static_cast<A>(kernel_weights[0]) * gain, inner = static_cast<A>(kernel_weights[1]) * gain;
    const A *__restrict s = begin + axis.first_input(0) * c;
    for (int64_t i = 0; i < axis.output * c; ++i) {
      store(&target[i], outer * s[i] + inner * s[i + c] + inner * s[i + 2 * c] +
                            outer * s[i + 3 * c]);
    }
  } else if (axis.up == 1) {
    const A outer = static_cast<A>(kernel_weights[0]) * gain, inner = static_cast<A>(kernel_weights[1]) * gain;
    for (int64_t o = 0; o < axis.output; ++o) {
      const A *__restrict s = begin + axis.first_input(o) * c;
      for (int64_t i = 0; i < c; ++i) {
        store(&target[o * c + i], outer * s[i] + inner * s[i + c] + inner * s[i + 2 * c] +
                                      outer * s[i + 3 * c]);
      }
    }
  } else {
    for (int64_t o = 0; o < axis.output; ++o) {
      const A *__restrict s = begin + axis.first_input(o) * c;
      const A left = static_cast<A>(axis.weight(o, 0)) * gain;
      const A right = static_cast<A>(axis.weight(o, 1)) * gain;
      for (int64_t i = 0; i < c; ++i) {
        store(&target[o * c + i], left * s[i] + right * s[i + c]);
      }
    }
  }
}

// Lines begin ..< end of all output lines of the batch, NHWC. Vertical into one row, which stays in
// the cache, then horizontal from it. `row` is zero outside the input.
template <typename T, typename A>
CT_INLINED void resample_lines(T *target, const T *source, A *row, const Geometry *geometry, A gain,
                               int64_t begin, int64_t end) {
  const Geometry &g = *geometry;
  const int64_t c = g.channels, line_size = g.columns.input * c;
  for (int64_t line = begin; line < end; ++line) {
    const int64_t image = line / g.rows.output, o = line % g.rows.output;
    vertical(row + g.columns.before() * c, source + image * g.rows.input * line_size, line_size,
             g.rows, o);
    T *result = target + line * g.columns.output * c;
    if (c == 3) {
      horizontal(result, row, g.columns, 3, gain);
    } else {
      horizontal(result, row, g.columns, c, gain);
    }
  }
}

at::Tensor resample(const at::Tensor &x, int64_t up, int64_t down, int64_t pad, int64_t height,
                    int64_t width, double gain) {
  count_run(ck_kernel_resample1331);
  const int64_t n = x.size(0), c = x.size(1);
  const at::Tensor input = x.contiguous(at::MemoryFormat::ChannelsLast);
  at::Tensor y = at::empty({n, c, height, width},
                           x.options().memory_format(at::MemoryFormat::ChannelsLast));
  const Geometry geometry{c, {x.size(2), height, up, down, pad}, {x.size(3), width, up, down, pad}};
  const Axis &columns = geometry.columns;
  CT_DISPATCH(x.scalar_type(), "resample1331", [&] {
    using A = Arithmetic<scalar_t>;
    const auto *source = input.const_data_ptr<scalar_t>();
    auto *target = y.mutable_data_ptr<scalar_t>();
    parallel_ranges(n * height, 4, [&](int64_t begin, int64_t end) {
      std::vector<A> row((columns.before() + columns.input + columns.after()) * c);
      vectorised<resample_lines<scalar_t, A>>(target, source, row.data(), &geometry,
                                              static_cast<A>(gain), begin, end);
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
  // [1, 3, 3, 1] / 8, made where x lives: a copy from the host would wait for the device, and could not
  // be recorded into a graph. All these numbers are exact, in half precision, too.
  const at::Tensor k = (3.25 - (at::arange(4, x.options()) - 1.5).square()) / 8;
  const at::Tensor kernel = (k.unsqueeze(1) * k * gain).expand({c, 1, 4, 4});
  return at::conv2d(stretched, kernel, {}, at::IntArrayRef(down), at::IntArrayRef{0, 0},
                    at::IntArrayRef{1, 1}, c);
}

struct Resample : torch::autograd::Function<Resample> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &x, int64_t up, int64_t down,
                            int64_t pad, int64_t height, int64_t width, double gain) {
    context->saved_data["geometry"] =
        std::vector<int64_t>{up, down, pad, x.size(2), x.size(3)};
    context->saved_data["gain"] = gain;
    return has_kernel_type(x) ? resample(x, up, down, pad, height, width, gain)
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

}  // namespace ck

ct_status ck_resample1331(ct_tensor *result, ct_tensor handle, int64_t up, int64_t down,
                          int64_t pad_before, int64_t pad_after, double gain) {
  return ck::guard([&] {
    const at::Tensor &x = ck::unwrap(handle);
    TORCH_CHECK(x.dim() == 4, "resampling takes NCHW, not ", x.sizes());
    TORCH_CHECK((up == 1 || up == 2) && (down == 1 || down == 2), "up and down are 1 or 2");
    ck::wrap(result,
             ck::Resample::apply(x, up, down, pad_before,
                                 ck::output_length(x.size(2), up, down, pad_before, pad_after),
                                 ck::output_length(x.size(3), up, down, pad_before, pad_after),
                                 gain));
  });
}
