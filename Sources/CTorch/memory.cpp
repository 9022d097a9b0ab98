#include <sys/mman.h>

#include <atomic>

#include "CTorch/implementation/handles.h"
#include "CTorch/implementation/parallel.h"
#include "CTorch/implementation/vectorised.h"

using namespace ct;

namespace {

// Below this, libtorch's allocator is as good; above, it would ask the system anyway.
constexpr size_t smallest_mapping = 4 << 20;

// Zeroed pages of the system's own: no pass over them is needed, and those that nothing ever touches
// (the gradients of a moving average) are never there.
//
// No large pages are asked for: iterations gain nothing from them, and where a virtual machine gives its
// free ones back to its host, each is dear to get again. A checkpoint of 830 MB then loads three times
// more slowly (Docs/Benchmarks.md).
at::Tensor mapped_zeros(at::IntArrayRef shape, at::ScalarType type, size_t byte_count) {
  void *base =
      mmap(nullptr, byte_count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED) throw std::bad_alloc();
  return at::from_blob(
      base, shape, [base, byte_count](void *) { munmap(base, byte_count); },
      at::TensorOptions(type));
}

// An exponent of all ones is what infinities and NaNs share.
CT_INLINED bool has_full_exponent(const uint32_t *bits, int64_t count) {
  constexpr uint32_t exponent = 0x7F800000;
  uint32_t found = 0;
  for (int64_t i = 0; i < count; ++i) found |= (bits[i] & exponent) == exponent ? 1u : 0u;
  return found != 0;
}

}  // namespace

ct_status ct_tensor_borrow(ct_tensor *result, void *bytes, size_t byte_count, ct_scalar_type type,
                           const int64_t *shape, size_t rank, void (*release)(void *),
                           void *context) {
  return guard([&] {
    size_t needed = at::elementSize(scalar_type(type));
    for (size_t i = 0; i < rank; ++i) needed *= static_cast<size_t>(shape[i]);
    TORCH_CHECK(needed == byte_count, "the shape holds ", needed, " bytes, given were ",
                byte_count);
    wrap(result, at::from_blob(
                     bytes, sizes(shape, rank), [release, context](void *) { release(context); },
                     at::TensorOptions(scalar_type(type))));
  });
}

ct_status ct_tensor_zeros(ct_tensor *result, ct_scalar_type type, ct_device where,
                          const int64_t *shape, size_t rank) {
  return guard([&] {
    const at::TensorOptions options = at::TensorOptions(scalar_type(type)).device(device(where));
    double elements = 1;
    for (size_t i = 0; i < rank; ++i) elements *= static_cast<double>(shape[i]);
    const double bytes = elements * static_cast<double>(at::elementSize(scalar_type(type)));
    // Sizes that no memory could hold are libtorch's to refuse.
    const bool is_large = where.kind == ct_cpu && bytes >= smallest_mapping && bytes < 1e15;
    wrap(result, is_large ? mapped_zeros(sizes(shape, rank), scalar_type(type),
                                         static_cast<size_t>(bytes))
                          : at::zeros(sizes(shape, rank), options));
  });
}

ct_status ct_tensor_all_finite(bool *result, ct_tensor tensor) {
  return guard([&] {
    const at::Tensor &t = unwrap(tensor);
    if (!(t.is_cpu() && t.scalar_type() == at::kFloat && t.is_contiguous())) {
      *result = at::isfinite(t).all().item<bool>();
      return;
    }
    const auto *bits = static_cast<const uint32_t *>(t.const_data_ptr());
    std::atomic<bool> is_finite{true};
    parallel_ranges(t.numel(), 1 << 16, [&](int64_t begin, int64_t end) {
      if (run_with<has_full_exponent>(best_vectors(), bits + begin, end - begin)) is_finite = false;
    });
    *result = is_finite;
  });
}
