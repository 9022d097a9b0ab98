// The standard deviation over groups of pictures, averaged over their elements (Karras et al. 2018). Of a
// batch of M groups of G, group m is every picture x_g = x[m + g M]; with μ the mean over its pictures,
// y_g = x_g - μ and σ = sqrt(mean over g of y_g² + ε), all element by element,
//
//   v_m = mean over elements of σ        dx_g = dv_m / (E G) * y_g / σ        E elements a picture
//
// Of libtorch, the variance over so few alone takes ten times as long. Second derivatives, which only
// the lazy penalty asks for, are those of libtorch's operators.

#include <torch/csrc/autograd/custom_function.h>

#include <cmath>

#include <CTorch/implementation/handles.h>

#include "CKernels/operators.h"
#include "../elements.h"

namespace ck {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int64_t largest_group = 4;

// σ of each element of a group, kept for the backward pass.
template <int64_t G, typename A>
CT_INLINED void group_deviations(A *__restrict deviations, const A *const *x, A epsilon,
                                 int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    A mean = 0, square = 0;
    for (int64_t g = 0; g < G; ++g) mean += x[g][i];
    mean /= G;
    for (int64_t g = 0; g < G; ++g) square += (x[g][i] - mean) * (x[g][i] - mean);
    deviations[i] = std::sqrt(square / G + epsilon);
  }
}

template <int64_t G, typename A>
CT_INLINED void group_deviations_backward(A *const *dx, const A *const *x,
                                          const A *__restrict deviations, A slope, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    A mean = 0;
    for (int64_t g = 0; g < G; ++g) mean += x[g][i];
    mean /= G;
    const A factor = slope / deviations[i];
    for (int64_t g = 0; g < G; ++g) dx[g][i] = (x[g][i] - mean) * factor;
  }
}

// The same for a group of any size, which is then known to the compiler.
template <typename A>
CT_INLINED void deviations(A *target, const A *const *x, int64_t group, A epsilon, int64_t count) {
  switch (group) {
    case 1: return group_deviations<1>(target, x, epsilon, count);
    case 2: return group_deviations<2>(target, x, epsilon, count);
    case 3: return group_deviations<3>(target, x, epsilon, count);
    default: return group_deviations<4>(target, x, epsilon, count);
  }
}

template <typename A>
CT_INLINED void deviations_backward(A *const *dx, const A *const *x, int64_t group,
                                    const A *deviations, A slope, int64_t count) {
  switch (group) {
    case 1: return group_deviations_backward<1>(dx, x, deviations, slope, count);
    case 2: return group_deviations_backward<2>(dx, x, deviations, slope, count);
    case 3: return group_deviations_backward<3>(dx, x, deviations, slope, count);
    default: return group_deviations_backward<4>(dx, x, deviations, slope, count);
  }
}

// The groups of all minibatches, which lie behind one another.
struct Groups {
  int64_t batches, size, count, elements;

  Groups(const at::Tensor &x, int64_t batches)
      : batches(batches),
        size(std::min(x.size(0) / batches, largest_group)),
        count(x.size(0) / batches / size),
        elements(x.numel() / x.size(0)) {}

  // Calls `body(group, first)` for each; `first` is the number of its first picture, the others follow
  // in steps of `count`.
  template <typename Body>
  void for_each(Body &&body) const {
    const int64_t smallest = std::max<int64_t>(1, 16384 / (elements * size));
    parallel_ranges(batches * count, smallest, [&](int64_t begin, int64_t end) {
      for (int64_t group = begin; group < end; ++group) {
        body(group, group / count * size * count + group % count);
      }
    });
  }

  at::Tensor split(const at::Tensor &x) const {
    return x.reshape({batches, size, count, x.size(1), x.size(2), x.size(3)});
  }
};

// The formula of both, in libtorch's operators.
at::Tensor composed(const at::Tensor &x, const Groups &groups, double epsilon) {
  const at::Tensor all = groups.split(x), y = all - all.mean(1, /*keepdim=*/true);
  return (y.mul(y).mean(1) + epsilon).sqrt().mean({2, 3, 4});
}

at::Tensor composed_backward(const at::Tensor &dv, const at::Tensor &x, const Groups &groups,
                             double epsilon) {
  const at::Tensor all = groups.split(x), y = all - all.mean(1, /*keepdim=*/true);
  const at::Tensor deviation = (y.mul(y).mean(1, /*keepdim=*/true) + epsilon).sqrt();
  const at::Tensor slope = dv.reshape({groups.batches, 1, groups.count, 1, 1, 1}) /
                           static_cast<double>(groups.elements * groups.size);
  return (y / deviation * slope).reshape(x.sizes());
}

struct MinibatchDeviation : torch::autograd::Function<MinibatchDeviation> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &x, int64_t batches,
                            double epsilon) {
    count_run(ck_kernel_minibatch_deviation);
    const Groups groups(x, batches);
    const at::Tensor input = channels_fastest(x);
    const at::Tensor each =
        at::empty({batches * groups.count, groups.elements}, x.options());
    at::Tensor means = at::empty({batches, groups.count}, x.options());
    AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "minibatch_deviation", [&] {
      const auto *source = input.const_data_ptr<scalar_t>();
      auto *target = each.mutable_data_ptr<scalar_t>();
      auto *result = means.mutable_data_ptr<scalar_t>();
      groups.for_each([&](int64_t group, int64_t first) {
        const scalar_t *pictures[largest_group];
        for (int64_t g = 0; g < groups.size; ++g) {
          pictures[g] = source + (first + g * groups.count) * groups.elements;
        }
        scalar_t *own = target + group * groups.elements;
        vectorised<deviations<scalar_t>>(own, pictures, groups.size, static_cast<scalar_t>(epsilon),
                                         groups.elements);
        double sum = 0;
        for (int64_t i = 0; i < groups.elements; ++i) sum += own[i];
        result[group] = static_cast<scalar_t>(sum / static_cast<double>(groups.elements));
      });
    });
    context->save_for_backward({x, each});
    context->saved_data["batches"] = batches;
    context->saved_data["epsilon"] = epsilon;
    return means;
  }

  static variable_list backward(AutogradContext *context, const variable_list &incoming) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &each = saved[1];
    const Groups groups(x, context->saved_data["batches"].toInt());
    if (at::GradMode::is_enabled()) {
      const double epsilon = context->saved_data["epsilon"].toDouble();
      return {composed_backward(incoming[0], x, groups, epsilon), at::Tensor(), at::Tensor()};
    }
    count_run(ck_kernel_minibatch_deviation);
    const at::Tensor input = channels_fastest(x), slopes = incoming[0].contiguous();
    at::Tensor dx = at::empty_like(input);
    AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "minibatch_deviation_backward", [&] {
      const auto *source = input.const_data_ptr<scalar_t>();
      const auto *deviation = each.const_data_ptr<scalar_t>();
      const auto *slope = slopes.const_data_ptr<scalar_t>();
      auto *target = dx.mutable_data_ptr<scalar_t>();
      groups.for_each([&](int64_t group, int64_t first) {
        const scalar_t *pictures[largest_group];
        scalar_t *gradients[largest_group];
        for (int64_t g = 0; g < groups.size; ++g) {
          const int64_t start = (first + g * groups.count) * groups.elements;
          pictures[g] = source + start;
          gradients[g] = target + start;
        }
        vectorised<deviations_backward<scalar_t>>(
            gradients, pictures, groups.size, deviation + group * groups.elements,
            slope[group] / static_cast<scalar_t>(groups.elements * groups.size), groups.elements);
      });
    });
    return {dx, at::Tensor(), at::Tensor()};
  }
};

at::Tensor minibatch_deviation(const at::Tensor &x, int64_t batches, double epsilon) {
  TORCH_CHECK(x.dim() == 4 && x.numel() > 0, "pictures of ", x.sizes());
  TORCH_CHECK(batches > 0 && x.size(0) % batches == 0 &&
                  (x.size(0) / batches <= largest_group ||
                   x.size(0) / batches % largest_group == 0),
              x.size(0), " pictures are not ", batches, " batches of at most ", largest_group,
              " or a multiple of it");
  return has_unrounded_type(x) ? MinibatchDeviation::apply(x, batches, epsilon)
                               : composed(x, Groups(x, batches), epsilon);
}

}  // namespace

}  // namespace ck

ct_status ck_minibatch_deviation(ct_tensor *result, ct_tensor x, int64_t batches,
                                 double epsilon) {
  return ck::guard(
      [&] { ck::wrap(result, ck::minibatch_deviation(ck::unwrap(x), batches, epsilon)); });
}
