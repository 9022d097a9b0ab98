// Order and linear algebra beyond products: what measurements need and networks do not.
#pragma once

#include "CTorch/tensor.h"

CT_BEGIN_DECLARATIONS

// The elements of x in ascending order along a dimension.
CT_CHECKED ct_status ct_tensor_sort(
    ct_tensor *CT_NONNULL result, ct_tensor x, int64_t dimension);
// The singular values of a matrix, descending.
CT_CHECKED ct_status ct_tensor_singular_values(ct_tensor *CT_NONNULL result, ct_tensor x);

CT_END_DECLARATIONS
