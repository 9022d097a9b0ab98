#include "CTorch/implementation/handles.h"

using namespace ct;

ct_status ct_adam_step(ct_tensor parameters, ct_tensor gradients, ct_tensor first_moments,
                       ct_tensor second_moments, double rate, double beta1, double beta2,
                       double epsilon, int64_t step) {
  return guard([&] {
    at::NoGradGuard no_graph;
    const at::Tensor &p = unwrap(parameters);
    // libtorch's fused form takes lists and counts steps in tensors; one flat vector is a list of one.
    const at::Tensor steps = at::full({}, static_cast<double>(step), p.options().dtype(at::kFloat));
    at::_fused_adam_({p}, {unwrap(gradients)}, {unwrap(first_moments)}, {unwrap(second_moments)},
                     /*max_exp_avg_sqs=*/{}, {steps}, rate, beta1, beta2, /*weight_decay=*/0.0,
                     epsilon, /*amsgrad=*/false, /*maximize=*/false);
  });
}
