// The C face of convolutions: whole, with a graph, and their passes one by one, without: for timing them
// apart from everything else.

#include <CTorch/implementation/handles.h>

#include "../route.h"
#include "CKernels/convolution.h"
#include "convolution.h"

using namespace ck;

ct_status ck_convolution(ct_tensor *result, ct_tensor x, ct_tensor weight, int64_t stride,
                         int64_t padding, bool transposed) {
  return guard([&] {
    wrap(result, convolution(unwrap(x), unwrap(weight), stride, padding, transposed));
  });
}

ct_status ck_convolution_output(ct_tensor *result, ct_tensor x, ct_tensor weight, int64_t stride,
                                int64_t padding, bool transposed, bool by_libtorch) {
  return guard([&] {
    at::NoGradGuard no_graph;
    const ConvolutionShape shape{stride, padding, transposed, by_libtorch};
    wrap(result, shape.forward(unwrap(x), unwrap(weight)));
  });
}

ct_status ck_convolution_input_gradient(ct_tensor *result, ct_tensor dy, ct_tensor x,
                                        ct_tensor weight, int64_t stride, int64_t padding,
                                        bool transposed, bool by_libtorch) {
  return guard([&] {
    at::NoGradGuard no_graph;
    const ConvolutionShape shape{stride, padding, transposed, by_libtorch};
    wrap(result, shape.backward(unwrap(dy), unwrap(x), unwrap(weight), true, false).first);
  });
}

ct_status ck_convolution_weight_gradient(ct_tensor *result, ct_tensor dy, ct_tensor x,
                                         ct_tensor weight, int64_t stride, int64_t padding,
                                         bool transposed, bool by_libtorch) {
  return guard([&] {
    at::NoGradGuard no_graph;
    const ConvolutionShape shape{stride, padding, transposed, by_libtorch};
    wrap(result, shape.backward(unwrap(dy), unwrap(x), unwrap(weight), false, true).second);
  });
}

ct_status ck_convolution_kernel(int32_t *result, ct_tensor x, ct_tensor weight, int64_t stride,
                                int64_t padding, bool transposed) {
  return guard([&] {
    const ConvolutionShape shape{stride, padding, transposed};
    const auto kernel = shape.kernel(unwrap(x), unwrap(weight));
    *result = kernel ? *kernel : -1;
  });
}
