// Where elements lie: memory of others, memory that the system hands out zeroed, and a look at all.
#pragma once

#include "CTorch/tensor.h"

CT_BEGIN_DECLARATIONS

// A tensor over bytes that somebody else keeps, such as a mapped file: row-major, aligned to their
// type, writable. `release(context)` is called once no tensor uses them; not when this call fails.
CT_CHECKED ct_status ct_tensor_borrow(
    ct_tensor *CT_NONNULL result, void *CT_NONNULL bytes, size_t byte_count, ct_scalar_type type,
    const int64_t *CT_NULLABLE shape, size_t rank, void (*CT_NONNULL release)(void *CT_NULLABLE),
    void *CT_NULLABLE context);

// Zeros. A large tensor in host memory costs nothing before it is first written.
CT_CHECKED ct_status ct_tensor_zeros(
    ct_tensor *CT_NONNULL result, ct_scalar_type type, ct_device device,
    const int64_t *CT_NULLABLE shape, size_t rank);

// Whether no element is infinite or undefined.
CT_CHECKED ct_status ct_tensor_all_finite(bool *CT_NONNULL result, ct_tensor tensor);

CT_END_DECLARATIONS
