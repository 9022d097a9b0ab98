// The derivatives of a convolution as operators of their own, without a graph: what a backward pass
// runs, for timing it apart from everything else.

#include "internal.h"

using namespace ct;

namespace {

at::Tensor gradient(ct_tensor dy, ct_tensor x, ct_tensor weight, int64_t stride, int64_t padding,
                    bool transposed, bool by_weight) {
  at::NoGradGuard no_graph;
  const std::vector<int64_t> strides(2, stride), paddings(2, padding), ones(2, 1), zeros(2, 0);
  auto gradients = at::convolution_backward(
      unwrap(dy), unwrap(x), unwrap(weight), /*bias_sizes=*/std::nullopt, strides, paddings,
      /*dilation=*/ones, transposed, /*output_padding=*/zeros, /*groups=*/1,
      {!by_weight, by_weight, false});
  return by_weight ? std::get<1>(gradients) : std::get<0>(gradients);
}

}  // namespace

ct_status ct_convolution_input_gradient(ct_tensor *result, ct_tensor dy, ct_tensor x,
                                        ct_tensor weight, int64_t stride, int64_t padding,
                                        bool transposed) {
  return guard([&] { wrap(result, gradient(dy, x, weight, stride, padding, transposed, false)); });
}

ct_status ct_convolution_weight_gradient(ct_tensor *result, ct_tensor dy, ct_tensor x,
                                         ct_tensor weight, int64_t stride, int64_t padding,
                                         bool transposed) {
  return guard([&] { wrap(result, gradient(dy, x, weight, stride, padding, transposed, true)); });
}
