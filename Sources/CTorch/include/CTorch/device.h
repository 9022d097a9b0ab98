// Which devices there are, and how they compute.
#pragma once

#include "CTorch/tensor.h"

CT_BEGIN_DECLARATIONS

// Whether this libtorch was built for devices of that kind, be there one or not.
bool ct_device_is_built_in(ct_device_kind kind);
// How many devices of that kind this machine shows to this libtorch.
int32_t ct_device_count(ct_device_kind kind);

// Whether float32 products on CUDA may round their factors to TF32's 10 bits; process-wide.
CT_CHECKED ct_status ct_set_tf32(bool allowed);

CT_END_DECLARATIONS
