// d_no = 1 / sqrt(Σ_i s_ni² E_oi + ε) with E_oi = Σ_k w_oik²: what normalises the output of a modulated
// convolution (Karras et al. 2020, section 2.2). s [N, I] are the styles, w [O, I, k, k] the kernels.
//
// With g the gradient of d and q = -1/2 g d³, that of the sum under the root:
//
//   ds = 2 s * (q E)        dw = 2 w * (qᵀ s²)
//
// The kernels are read twice in all, and written once. Styles are so few that each operator would cost
// more than what it computes: what surrounds the products is a loop each. Where the gradients are to be
// differentiated again, they are made of libtorch's operators.

#include <torch/csrc/autograd/custom_function.h>

#include <cmath>

#include <CTorch/implementation/handles.h>

#include "CKernels/operators.h"
#include "../elements.h"
#include "small_product.h"

namespace ck {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

template <typename A>
CT_INLINED void sum_squares(A *__restrict energies, const A *__restrict w, int64_t count,
                            int64_t taps) {
  for (int64_t i = 0; i < count; ++i) {
    A sum = 0;
    for (int64_t tap = 0; tap < taps; ++tap) sum += w[i * taps + tap] * w[i * taps + tap];
    energies[i] = sum;
  }
}

// dw = factors * w, one factor for all taps.
template <typename A>
CT_INLINED void scale_taps(A *__restrict dw, const A *__restrict w, const A *__restrict factors,
                           int64_t count, int64_t taps) {
  for (int64_t i = 0; i < count; ++i) {
    for (int64_t tap = 0; tap < taps; ++tap) dw[i * taps + tap] = w[i * taps + tap] * factors[i];
  }
}

// The same with a number of taps that the compiler knows where it is the usual one.
template <typename A>
CT_INLINED void energies(A *energies, const A *w, int64_t count, int64_t taps) {
  return taps == 9 ? sum_squares(energies, w, count, 9) : sum_squares(energies, w, count, taps);
}

template <typename A>
CT_INLINED void scale_kernels(A *dw, const A *w, const A *factors, int64_t count, int64_t taps) {
  return taps == 9 ? scale_taps(dw, w, factors, count, 9) : scale_taps(dw, w, factors, count, taps);
}

// d = 1 / sqrt(sum + ε), in the place of the sums.
template <typename A>
CT_INLINED void normalise(A *d, A epsilon, int64_t count) {
  for (int64_t i = 0; i < count; ++i) d[i] = 1 / std::sqrt(d[i] + epsilon);
}

// 2 q.
template <typename A>
CT_INLINED void slopes(A *__restrict slopes, const A *__restrict g, const A *__restrict d,
                       int64_t count) {
  for (int64_t i = 0; i < count; ++i) slopes[i] = -(g[i] * d[i]) * (d[i] * d[i]);
}

template <typename A>
CT_INLINED void multiply(A *__restrict product, const A *x, const A *y, int64_t count) {
  for (int64_t i = 0; i < count; ++i) product[i] = x[i] * y[i];
}

constexpr int64_t smallest_range = 4096;  // kernels: less is not worth a second thread

// E [O, I], without a graph.
at::Tensor energies_of(const at::Tensor &kernels) {
  at::Tensor result = at::empty({kernels.size(0), kernels.size(1)}, kernels.options());
  const int64_t taps = kernels.size(2) * kernels.size(3);
  AT_DISPATCH_FLOATING_TYPES(kernels.scalar_type(), "energies", [&] {
    const auto *w = kernels.const_data_ptr<scalar_t>();
    auto *target = result.mutable_data_ptr<scalar_t>();
    parallel_ranges(result.numel(), smallest_range, [&](int64_t begin, int64_t end) {
      vectorised<energies<scalar_t>>(target + begin, w + begin * taps, end - begin, taps);
    });
  });
  return result;
}

at::Tensor scaled_kernels(const at::Tensor &kernels, const at::Tensor &factors) {
  at::Tensor result = at::empty(kernels.sizes(), kernels.options());
  const int64_t taps = kernels.size(2) * kernels.size(3);
  AT_DISPATCH_FLOATING_TYPES(kernels.scalar_type(), "scaled_kernels", [&] {
    const auto *w = kernels.const_data_ptr<scalar_t>();
    const auto *by = factors.const_data_ptr<scalar_t>();
    auto *target = result.mutable_data_ptr<scalar_t>();
    parallel_ranges(factors.numel(), smallest_range, [&](int64_t begin, int64_t end) {
      vectorised<scale_kernels<scalar_t>>(target + begin * taps, w + begin * taps, by + begin,
                                          end - begin, taps);
    });
  });
  return result;
}

// Element by element, of two dense matrices.
at::Tensor multiplied(const at::Tensor &x, const at::Tensor &y) {
  at::Tensor product = at::empty(x.sizes(), x.options());
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "multiplied", [&] {
    vectorised<multiply<scalar_t>>(product.mutable_data_ptr<scalar_t>(),
                                   x.const_data_ptr<scalar_t>(), y.const_data_ptr<scalar_t>(),
                                   x.numel());
  });
  return product;
}

struct Demodulation : torch::autograd::Function<Demodulation> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &s, const at::Tensor &w,
                            double epsilon) {
    count_run(ck_kernel_demodulation);
    const at::Tensor e = energies_of(w.contiguous()), styles = s.contiguous();
    const at::Tensor squares = multiplied(styles, styles);
    at::Tensor d = small_product(squares, e.t());
    AT_DISPATCH_FLOATING_TYPES(d.scalar_type(), "normalise", [&] {
      vectorised<normalise<scalar_t>>(d.mutable_data_ptr<scalar_t>(), scalar_t(epsilon), d.numel());
    });
    context->save_for_backward({s, w, d, e, squares});
    return d;
  }

  static variable_list backward(AutogradContext *context, const variable_list &incoming) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &s = saved[0], &w = saved[1], &d = saved[2], &g = incoming[0];
    const bool by_s = context->needs_input_grad(0), by_w = context->needs_input_grad(1);
    at::Tensor ds, dw;
    if (at::GradMode::is_enabled()) {
      const at::Tensor twice_q = times(g.mul(d).mul(d.mul(d)), -1);
      if (by_s) ds = s.mul(twice_q.mm(w.mul(w).sum({2, 3})));
      if (by_w) dw = w.mul(twice_q.t().mm(s.mul(s)).unsqueeze(2).unsqueeze(3));
      return {ds, dw, at::Tensor()};
    }
    count_run(ck_kernel_demodulation);
    const at::Tensor gradient = g.contiguous(), &e = saved[3], &squares = saved[4];
    at::Tensor twice_q = at::empty(d.sizes(), d.options());
    AT_DISPATCH_FLOATING_TYPES(d.scalar_type(), "slopes", [&] {
      vectorised<slopes<scalar_t>>(twice_q.mutable_data_ptr<scalar_t>(),
                                   gradient.const_data_ptr<scalar_t>(),
                                   d.const_data_ptr<scalar_t>(), d.numel());
    });
    if (by_s) ds = multiplied(s.contiguous(), small_product(twice_q, e));
    if (by_w) dw = scaled_kernels(w.contiguous(), small_product(twice_q.t(), squares));
    return {ds, dw, at::Tensor()};
  }
};

at::Tensor demodulation(const at::Tensor &s, const at::Tensor &w, double epsilon) {
  TORCH_CHECK(s.dim() == 2 && w.dim() == 4 && s.size(1) == w.size(1), "styles of ", s.sizes(),
              " for kernels of ", w.sizes());
  const bool has_kernel =
      has_unrounded_type(s) && w.is_cpu() && s.scalar_type() == w.scalar_type();
  if (has_kernel) return Demodulation::apply(s, w, epsilon);
  return (s.mul(s).mm(w.mul(w).sum({2, 3}).t()) + epsilon).rsqrt();
}

}  // namespace

}  // namespace ck

ct_status ck_demodulation(ct_tensor *result, ct_tensor styles, ct_tensor kernels, double epsilon) {
  return ck::guard([&] {
    ck::wrap(result, ck::demodulation(ck::unwrap(styles), ck::unwrap(kernels), epsilon));
  });
}
