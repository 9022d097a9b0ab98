// The passes of a convolution as operators of their own, without a graph: for timing them apart from
// everything else.

#include "internal.h"
#include "kernels/convolution.h"

using namespace ct;

ct_status ct_convolution_output(ct_tensor *result, ct_tensor x, ct_tensor weight, int64_t stride,
                                int64_t padding, bool transposed, bool by_libtorch) {
  return guard([&] {
    at::NoGradGuard no_graph;
    const ConvolutionShape shape{stride, padding, transposed, by_libtorch};
    wrap(result, shape.forward(unwrap(x), unwrap(weight)));
  });
}

ct_status ct_convolution_input_gradient(ct_tensor *result, ct_tensor dy, ct_tensor x,
                                        ct_tensor weight, int64_t stride, int64_t padding,
                                        bool transposed, bool by_libtorch) {
  return guard([&] {
    at::NoGradGuard no_graph;
    const ConvolutionShape shape{stride, padding, transposed, by_libtorch};
    wrap(result, shape.backward(unwrap(dy), unwrap(x), unwrap(weight), true, false).first);
  });
}

ct_status ct_convolution_weight_gradient(ct_tensor *result, ct_tensor dy, ct_tensor x,
                                         ct_tensor weight, int64_t stride, int64_t padding,
                                         bool transposed, bool by_libtorch) {
  return guard([&] {
    at::NoGradGuard no_graph;
    const ConvolutionShape shape{stride, padding, transposed, by_libtorch};
    wrap(result, shape.backward(unwrap(dy), unwrap(x), unwrap(weight), false, true).second);
  });
}

ct_status ct_convolution_kernel(int32_t *result, ct_tensor x, ct_tensor weight, int64_t stride,
                                int64_t padding, bool transposed) {
  return guard([&] {
    const ConvolutionShape shape{stride, padding, transposed};
    const auto kernel = shape.kernel(unwrap(x), unwrap(weight));
    *result = kernel ? *kernel : -1;
  });
}
