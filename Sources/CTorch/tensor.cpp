#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <torch/version.h>

#include <array>
#include <cstring>

#include "CTorch/implementation/handles.h"
#include "CTorch/implementation/processor.h"

namespace ct {

namespace {

thread_local std::string last_error;

constexpr std::array<at::ScalarType, 10> scalar_types = {
    at::kFloat, at::kDouble, at::kHalf, at::kBFloat16, at::kLong,
    at::kInt,   at::kShort,  at::kChar, at::kByte,     at::kBool,
};

}  // namespace

void remember_error(const char *message) noexcept {
  try {
    last_error = message;
  } catch (...) {
    // No memory even for the message: the former one stays.
  }
}

at::ScalarType scalar_type(ct_scalar_type type) { return scalar_types.at(type); }

at::Device device(ct_device device) {
  switch (device.kind) {
    case ct_cuda: return at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(device.index));
    case ct_mps: return at::Device(at::kMPS, static_cast<c10::DeviceIndex>(device.index));
    default: return at::Device(at::kCPU);
  }
}

}  // namespace ct

using namespace ct;

const char *ct_last_error(void) { return last_error.c_str(); }

const char *ct_libtorch_version(void) { return TORCH_VERSION; }

int32_t ct_thread_count(void) { return at::get_num_threads(); }

ct_status ct_set_thread_count(int32_t count) {
  return guard([&] { at::set_num_threads(count); });
}

void ct_tensor_free(ct_tensor tensor) { delete static_cast<at::Tensor *>(tensor.ref); }

ct_status ct_tensor_from_bytes(ct_tensor *result, const void *bytes, size_t byte_count,
                               ct_scalar_type type, const int64_t *shape, size_t rank) {
  return guard([&] {
    at::Tensor tensor = at::empty(sizes(shape, rank), at::TensorOptions(scalar_type(type)));
    TORCH_CHECK(tensor.nbytes() == byte_count, "the shape holds ", tensor.nbytes(),
                " bytes, given were ", byte_count);
    if (byte_count > 0) std::memcpy(tensor.data_ptr(), bytes, byte_count);
    wrap(result, std::move(tensor));
  });
}

ct_status ct_tensor_full(ct_tensor *result, double value, ct_scalar_type type, ct_device where,
                         const int64_t *shape, size_t rank) {
  return guard([&] {
    wrap(result, at::full(sizes(shape, rank), value,
                          at::TensorOptions(scalar_type(type)).device(device(where))));
  });
}

ct_status ct_tensor_arange(ct_tensor *result, int64_t count, ct_device where) {
  return guard([&] {
    wrap(result, at::arange(count, at::TensorOptions(at::kLong).device(device(where))));
  });
}

size_t ct_tensor_rank(ct_tensor tensor) { return static_cast<size_t>(unwrap(tensor).dim()); }

void ct_tensor_shape(ct_tensor tensor, int64_t *out) {
  for (int64_t size : unwrap(tensor).sizes()) *out++ = size;
}

int64_t ct_tensor_element_count(ct_tensor tensor) { return unwrap(tensor).numel(); }

int32_t ct_tensor_scalar_type(ct_tensor tensor) {
  for (size_t i = 0; i < scalar_types.size(); ++i) {
    if (scalar_types[i] == unwrap(tensor).scalar_type()) return static_cast<int32_t>(i);
  }
  return -1;
}

ct_device ct_tensor_device(ct_tensor tensor) {
  const at::Device where = unwrap(tensor).device();
  const ct_device_kind kind = where.is_cuda() ? ct_cuda : where.is_mps() ? ct_mps : ct_cpu;
  return {kind, where.has_index() ? where.index() : 0};
}

bool ct_tensor_is_contiguous(ct_tensor tensor, ct_memory_format format) {
  return unwrap(tensor).is_contiguous(format == ct_channels_last ? at::MemoryFormat::ChannelsLast
                                                                 : at::MemoryFormat::Contiguous);
}

ct_status ct_tensor_copy_bytes(ct_tensor tensor, void *bytes, size_t byte_count) {
  return guard([&] {
    const at::Tensor host = unwrap(tensor).detach().to(at::kCPU).contiguous();
    TORCH_CHECK(host.nbytes() == byte_count, "the tensor holds ", host.nbytes(),
                " bytes, room is for ", byte_count);
    if (byte_count > 0) std::memcpy(bytes, host.data_ptr(), byte_count);
  });
}

void *ct_tensor_host_pointer(ct_tensor tensor) {
  const at::Tensor &t = unwrap(tensor);
  return t.is_cpu() && t.is_contiguous() ? t.data_ptr() : nullptr;
}

ct_status ct_tensor_item(double *result, ct_tensor tensor) {
  return guard([&] { *result = unwrap(tensor).item().toDouble(); });
}

ct_status ct_tensor_to(ct_tensor *result, ct_tensor tensor, ct_scalar_type type, ct_device where,
                       bool copy) {
  return guard([&] {
    wrap(result, unwrap(tensor).to(device(where), scalar_type(type), /*non_blocking=*/false, copy));
  });
}

ct_status ct_tensor_upload(ct_tensor *result, ct_tensor tensor, ct_device where) {
  return guard([&] {
    const at::Tensor &t = unwrap(tensor);
    const bool is_asynchronous = t.is_cpu() && where.kind == ct_cuda;
    // libtorch keeps the page-locked copy until the device has read it, whoever lets go of it.
    const at::Tensor source = is_asynchronous ? t.contiguous().pin_memory() : t;
    wrap(result, source.to(device(where), t.scalar_type(), is_asynchronous));
  });
}

ct_status ct_tensor_contiguous(ct_tensor *result, ct_tensor tensor, ct_memory_format format) {
  return guard([&] {
    wrap(result,
         unwrap(tensor).contiguous(format == ct_channels_last ? at::MemoryFormat::ChannelsLast
                                                              : at::MemoryFormat::Contiguous));
  });
}

ct_status ct_tensor_clone(ct_tensor *result, ct_tensor tensor) {
  return guard([&] { wrap(result, unwrap(tensor).clone()); });
}

ct_status ct_tensor_reshape(ct_tensor *result, ct_tensor tensor, const int64_t *shape,
                            size_t rank) {
  return guard([&] { wrap(result, unwrap(tensor).reshape(sizes(shape, rank))); });
}

ct_status ct_tensor_slice(ct_tensor *result, ct_tensor tensor, int64_t dimension, int64_t start,
                          int64_t end) {
  return guard([&] { wrap(result, unwrap(tensor).slice(dimension, start, end)); });
}

ct_status ct_tensor_unbind(ct_tensor *results, size_t count, ct_tensor tensor, int64_t dimension) {
  return guard([&] {
    std::vector<at::Tensor> slices = unwrap(tensor).unbind(dimension);
    TORCH_CHECK(slices.size() == count, slices.size(), " slices, not ", count);
    for (size_t i = 0; i < count; ++i) wrap(&results[i], std::move(slices[i]));
  });
}

ct_status ct_tensor_permute(ct_tensor *result, ct_tensor tensor, const int64_t *order,
                            size_t rank) {
  return guard([&] { wrap(result, unwrap(tensor).permute(sizes(order, rank))); });
}

ct_status ct_tensor_expand(ct_tensor *result, ct_tensor tensor, const int64_t *shape,
                           size_t rank) {
  return guard([&] { wrap(result, unwrap(tensor).expand(sizes(shape, rank))); });
}

ct_status ct_tensor_cat(ct_tensor *result, const ct_tensor *tensors, size_t count,
                        int64_t dimension) {
  return guard([&] {
    std::vector<at::Tensor> list;
    list.reserve(count);
    for (size_t i = 0; i < count; ++i) list.push_back(unwrap(tensors[i]));
    wrap(result, at::cat(list, dimension));
  });
}

ct_status ct_tensor_index_select(ct_tensor *result, ct_tensor tensor, int64_t dimension,
                                 ct_tensor indices) {
  return guard([&] { wrap(result, unwrap(tensor).index_select(dimension, unwrap(indices))); });
}

const char *ct_cpu_capability(void) {
  static const std::string capability = at::get_cpu_capability();
  return capability.c_str();
}

bool ct_cpu_multiplies_bfloat16_faster(void) {
  return ct::multiplies_bfloat16_pairs_faster() || ct::multiplies_bfloat16_matrices();
}

bool ct_cpu_computes_bfloat16(void) {
#if defined(__x86_64__) && defined(__linux__)
  return std::strcmp(ct_cpu_capability(), "DEFAULT") != 0;
#else
  return false;
#endif
}
