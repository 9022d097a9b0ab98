// What every implementation file shares: the one guard, and the way in and out of handles.
//
// C++, and no part of the C module: for the files of CTorch, and of targets that add operators of their own
// to it.
#pragma once

#include <ATen/ATen.h>
#include <ATen/ScalarOps.h>
#include <ATen/core/grad_mode.h>

#include <new>
#include <string>

#include "CTorch/CTorch.h"

namespace ct {

void remember_error(const char *message) noexcept;

// The only try/catch: runs `body`, turns what it throws into a status.
template <typename Body>
ct_status guard(Body body) noexcept {
  try {
    body();
    return 0;
  } catch (const c10::OutOfMemoryError &error) {
    remember_error(error.what_without_backtrace());
    return 2;
  } catch (const std::bad_alloc &error) {
    remember_error(error.what());
    return 2;
  } catch (const c10::Error &error) {
    remember_error(error.what_without_backtrace());
    // The CPU allocator reports exhaustion as a plain enforcement failure.
    return std::string(error.what_without_backtrace()).find("can't allocate memory") ==
                   std::string::npos
               ? 1
               : 2;
  } catch (const std::exception &error) {
    remember_error(error.what());
    return 1;
  } catch (...) {
    remember_error("unknown C++ exception");
    return 1;
  }
}

inline const at::Tensor &unwrap(ct_tensor tensor) {
  TORCH_CHECK(tensor.ref != nullptr, "null tensor");
  return *static_cast<const at::Tensor *>(tensor.ref);
}

inline at::Tensor unwrap_or_undefined(ct_tensor tensor) {
  return tensor.ref == nullptr ? at::Tensor() : *static_cast<const at::Tensor *>(tensor.ref);
}

inline void wrap(ct_tensor *result, at::Tensor tensor) {
  result->ref = new at::Tensor(std::move(tensor));
}

inline at::IntArrayRef sizes(const int64_t *values, size_t count) {
  return at::IntArrayRef(values, count);
}

// A plain number is a tensor in double precision to libtorch, and converting it takes three operators:
// hundreds of times an iteration. As one of x's own type it is used as it is.
inline at::Tensor times(const at::Tensor &x, double y) {
  if (!x.is_cpu() || x.scalar_type() != at::kFloat) return x * y;
  return x * at::detail::scalar_tensor_static(y, at::kFloat, at::kCPU);
}

inline at::Tensor plus(const at::Tensor &x, double y) {
  if (!x.is_cpu() || x.scalar_type() != at::kFloat) return x + y;
  return x + at::detail::scalar_tensor_static(y, at::kFloat, at::kCPU);
}

at::ScalarType scalar_type(ct_scalar_type type);
at::Device device(ct_device device);

}  // namespace ct
