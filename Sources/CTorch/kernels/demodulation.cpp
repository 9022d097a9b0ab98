// d_no = 1 / sqrt(Σ_i s_ni² E_oi + ε) with E_oi = Σ_k w_oik²: what normalises the output of a modulated
// convolution (Karras et al. 2020, section 2.2). s [N, I] are the styles, w [O, I, k, k] the kernels.
//
// With g the gradient of d and q = -1/2 g d³, that of the sum under the root:
//
//   ds = 2 s * (q E)        dw = 2 w * (qᵀ s²)
//
// The kernels are read twice in all, and written once. Second derivatives are those of the last line.

#include <torch/csrc/autograd/custom_function.h>

#include "../internal.h"
#include "elements.h"
#include "small_product.h"

namespace ct {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

template <typename A>
CT_INLINED void energies_body(A *__restrict energies, const A *__restrict w, int64_t count,
                              int64_t taps) {
  for (int64_t i = 0; i < count; ++i) {
    A sum = 0;
    for (int64_t tap = 0; tap < taps; ++tap) sum += w[i * taps + tap] * w[i * taps + tap];
    energies[i] = sum;
  }
}

// dw = factors * w, one factor for all taps.
template <typename A>
CT_INLINED void scale_kernels_body(A *__restrict dw, const A *__restrict w,
                                   const A *__restrict factors, int64_t count, int64_t taps) {
  for (int64_t i = 0; i < count; ++i) {
    for (int64_t tap = 0; tap < taps; ++tap) dw[i * taps + tap] = w[i * taps + tap] * factors[i];
  }
}

#define CT_DEFINE_FOR(A)                                                                         \
  CT_VECTORISED void energies(A *energies, const A *w, int64_t count, int64_t taps) {            \
    if (taps == 9) {                                                                             \
      energies_body(energies, w, count, 9);                                                      \
    } else {                                                                                     \
      energies_body(energies, w, count, taps);                                                   \
    }                                                                                            \
  }                                                                                              \
  CT_VECTORISED void scale_kernels(A *dw, const A *w, const A *factors, int64_t count,           \
                                   int64_t taps) {                                               \
    if (taps == 9) {                                                                             \
      scale_kernels_body(dw, w, factors, count, 9);                                              \
    } else {                                                                                     \
      scale_kernels_body(dw, w, factors, count, taps);                                           \
    }                                                                                            \
  }
CT_DEFINE_FOR(float)
CT_DEFINE_FOR(double)
#undef CT_DEFINE_FOR

constexpr int64_t smallest_range = 4096;  // kernels: less is not worth a second thread

// E [O, I], without a graph.
at::Tensor energies_of(const at::Tensor &kernels) {
  at::Tensor result = at::empty({kernels.size(0), kernels.size(1)}, kernels.options());
  const int64_t taps = kernels.size(2) * kernels.size(3);
  AT_DISPATCH_FLOATING_TYPES(kernels.scalar_type(), "energies", [&] {
    const auto *w = kernels.const_data_ptr<scalar_t>();
    auto *target = result.mutable_data_ptr<scalar_t>();
    parallel_ranges(result.numel(), smallest_range, [&](int64_t begin, int64_t end) {
      energies(target + begin, w + begin * taps, end - begin, taps);
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
      scale_kernels(target + begin * taps, w + begin * taps, by + begin, end - begin, taps);
    });
  });
  return result;
}

struct Demodulation : torch::autograd::Function<Demodulation> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &s, const at::Tensor &w,
                            double epsilon) {
    const at::Tensor e = energies_of(w.contiguous());
    const at::Tensor d = small_product(s.mul(s), e.t()).add_(epsilon).rsqrt_();
    context->save_for_backward({s, w, d, e});
    return d;
  }

  static variable_list backward(AutogradContext *context, const variable_list &incoming) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &s = saved[0], &w = saved[1], &d = saved[2];
    const bool differentiable = at::GradMode::is_enabled();
    const at::Tensor e = differentiable ? w.mul(w).sum({2, 3}) : saved[3];
    const at::Tensor twice_q = times(incoming[0].mul(d).mul(d.mul(d)), -1);
    at::Tensor ds, dw;
    if (context->needs_input_grad(0)) ds = s.mul(small_product(twice_q, e));
    if (context->needs_input_grad(1)) {
      const at::Tensor factors = small_product(twice_q.t(), s.mul(s));  // [O, I]
      dw = differentiable ? w.mul(factors.unsqueeze(2).unsqueeze(3)) : scaled_kernels(w.contiguous(), factors);
    }
    return {ds, dw, at::Tensor()};
  }
};

at::Tensor demodulation(const at::Tensor &s, const at::Tensor &w, double epsilon) {
  TORCH_CHECK(s.dim() == 2 && w.dim() == 4 && s.size(1) == w.size(1), "styles of ", s.sizes(),
              " for kernels of ", w.sizes());
  const bool has_kernel = s.is_cpu() && w.is_cpu() && s.scalar_type() == w.scalar_type() &&
                          (s.scalar_type() == at::kFloat || s.scalar_type() == at::kDouble);
  if (has_kernel) return Demodulation::apply(s, w, epsilon);
  return (s.mul(s).mm(w.mul(w).sum({2, 3}).t()) + epsilon).rsqrt();
}

}  // namespace

}  // namespace ct

ct_status ct_demodulation(ct_tensor *result, ct_tensor styles, ct_tensor kernels, double epsilon) {
  return ct::guard([&] {
    ct::wrap(result, ct::demodulation(ct::unwrap(styles), ct::unwrap(kernels), epsilon));
  });
}
