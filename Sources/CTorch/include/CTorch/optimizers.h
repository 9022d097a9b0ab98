// Updates over one flat parameter vector, each a single pass over memory.
#pragma once

#include "CTorch/tensor.h"

CT_BEGIN_DECLARATIONS

// Adam (Kingma and Ba 2015), as libtorch computes it:
//   m = beta1 m + (1 - beta1) g          v = beta2 v + (1 - beta2) g^2
//   p -= (rate / (1 - beta1^step)) m / (sqrt(v) / sqrt(1 - beta2^step) + epsilon)
// All vectors are contiguous float32 of one length and device; `step` counts from 1.
CT_CHECKED ct_status ct_adam_step(
    ct_tensor parameters, ct_tensor gradients, ct_tensor first_moments, ct_tensor second_moments,
    double rate, double beta1, double beta2, double epsilon, int64_t step);

CT_END_DECLARATIONS
