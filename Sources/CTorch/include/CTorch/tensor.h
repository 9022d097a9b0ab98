// Tensors: life and death, facts, bytes, devices, views.
#pragma once

#include "CTorch/status.h"

CT_BEGIN_DECLARATIONS

typedef struct ct_tensor {
  void *CT_NULLABLE ref;  // an at::Tensor, owned; null once freed
} ct_tensor;

// Scalar types, in the order of the Swift enumeration.
typedef enum ct_scalar_type {
  ct_float32 = 0,
  ct_float64 = 1,
  ct_float16 = 2,
  ct_bfloat16 = 3,
  ct_int64 = 4,
  ct_int32 = 5,
  ct_int16 = 6,
  ct_int8 = 7,
  ct_uint8 = 8,
  ct_bool = 9,
} ct_scalar_type;

typedef enum ct_device_kind { ct_cpu = 0, ct_cuda = 1, ct_mps = 2 } ct_device_kind;

typedef struct ct_device {
  ct_device_kind kind;
  int32_t index;
} ct_device;

typedef enum ct_memory_format { ct_contiguous = 0, ct_channels_last = 1 } ct_memory_format;

void ct_tensor_free(ct_tensor tensor);

// Copies `byte_count` bytes of row-major elements; the count must be that of the shape.
CT_CHECKED ct_status ct_tensor_from_bytes(
    ct_tensor *CT_NONNULL result, const void *CT_NULLABLE bytes, size_t byte_count,
    ct_scalar_type type, const int64_t *CT_NULLABLE shape, size_t rank);
CT_CHECKED ct_status ct_tensor_full(
    ct_tensor *CT_NONNULL result, double value, ct_scalar_type type, ct_device device,
    const int64_t *CT_NULLABLE shape, size_t rank);
CT_CHECKED ct_status ct_tensor_arange(
    ct_tensor *CT_NONNULL result, int64_t count, ct_device device);

size_t ct_tensor_rank(ct_tensor tensor);
// Writes `ct_tensor_rank` sizes.
void ct_tensor_shape(ct_tensor tensor, int64_t *CT_NONNULL sizes);
int64_t ct_tensor_element_count(ct_tensor tensor);
// -1 for a type that the enumeration lacks (complex, quantised).
int32_t ct_tensor_scalar_type(ct_tensor tensor);
ct_device ct_tensor_device(ct_tensor tensor);
bool ct_tensor_is_contiguous(ct_tensor tensor, ct_memory_format format);

// Copies the elements, row-major, to `bytes` in host memory; `byte_count` must be their size.
CT_CHECKED ct_status ct_tensor_copy_bytes(
    ct_tensor tensor, void *CT_NULLABLE bytes, size_t byte_count);
// The elements' address: only for a contiguous tensor in host memory, null otherwise. Borrowed.
void *CT_NULLABLE ct_tensor_host_pointer(ct_tensor tensor);
// The only element, as a double.
CT_CHECKED ct_status ct_tensor_item(double *CT_NONNULL result, ct_tensor tensor);

CT_CHECKED ct_status ct_tensor_to(
    ct_tensor *CT_NONNULL result, ct_tensor tensor, ct_scalar_type type, ct_device device,
    bool copy);
// A copy on `device`, from page-locked memory where that is CUDA: the host does not wait for it, while
// later operators of this thread do. The same tensor where it is there already.
CT_CHECKED ct_status ct_tensor_upload(
    ct_tensor *CT_NONNULL result, ct_tensor tensor, ct_device device);
CT_CHECKED ct_status ct_tensor_contiguous(
    ct_tensor *CT_NONNULL result, ct_tensor tensor, ct_memory_format format);
CT_CHECKED ct_status ct_tensor_clone(ct_tensor *CT_NONNULL result, ct_tensor tensor);

// Views: they share the elements of `tensor`.
CT_CHECKED ct_status ct_tensor_reshape(
    ct_tensor *CT_NONNULL result, ct_tensor tensor, const int64_t *CT_NULLABLE shape, size_t rank);
CT_CHECKED ct_status ct_tensor_slice(
    ct_tensor *CT_NONNULL result, ct_tensor tensor, int64_t dimension, int64_t start, int64_t end);
// All `count` slices along a dimension, which they lack.
CT_CHECKED ct_status ct_tensor_unbind(
    ct_tensor *CT_NONNULL results, size_t count, ct_tensor tensor, int64_t dimension);
CT_CHECKED ct_status ct_tensor_permute(
    ct_tensor *CT_NONNULL result, ct_tensor tensor, const int64_t *CT_NONNULL order, size_t rank);
CT_CHECKED ct_status ct_tensor_expand(
    ct_tensor *CT_NONNULL result, ct_tensor tensor, const int64_t *CT_NULLABLE shape, size_t rank);

// Copies.
CT_CHECKED ct_status ct_tensor_cat(
    ct_tensor *CT_NONNULL result, const ct_tensor *CT_NONNULL tensors, size_t count,
    int64_t dimension);
CT_CHECKED ct_status ct_tensor_index_select(
    ct_tensor *CT_NONNULL result, ct_tensor tensor, int64_t dimension, ct_tensor indices);

// The vector instructions that libtorch uses on this processor, such as "AVX512"; the environment's
// ATEN_CPU_CAPABILITY lowers them. Static storage.
const char *CT_NONNULL ct_cpu_capability(void);
// Whether the processor multiplies bfloat16 faster than float32.
bool ct_cpu_multiplies_bfloat16_faster(void);
// Whether convolutions of bfloat16 are fast on this processor: it multiplies bfloat16, or our kernels
// widen it on the way.
bool ct_cpu_computes_bfloat16(void);

CT_END_DECLARATIONS
