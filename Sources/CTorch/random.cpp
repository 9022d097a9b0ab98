#include <ATen/CPUGeneratorImpl.h>

#include "CTorch/implementation/handles.h"

using namespace ct;

namespace {

at::Generator unwrap_generator(ct_generator generator) {
  TORCH_CHECK(generator.ref != nullptr, "null random generator");
  return *static_cast<at::Generator *>(generator.ref);
}

at::TensorOptions floats(ct_device where) {
  return at::TensorOptions(at::kFloat).device(device(where));
}

}  // namespace

ct_status ct_generator_create(ct_generator *result, uint64_t seed, ct_device where) {
  return guard([&] {
    at::Generator generator = where.kind == ct_cpu
                                  ? at::make_generator<at::CPUGeneratorImpl>(seed)
                                  : at::globalContext()
                                        .getAcceleratorHooksInterface(device(where).type())
                                        .getNewGenerator(device(where).index());
    generator.set_current_seed(seed);
    result->ref = new at::Generator(std::move(generator));
  });
}

void ct_generator_free(ct_generator generator) {
  delete static_cast<at::Generator *>(generator.ref);
}

ct_status ct_generator_state(ct_tensor *result, ct_generator generator) {
  return guard([&] { wrap(result, unwrap_generator(generator).get_state()); });
}

ct_status ct_generator_set_state(ct_generator generator, ct_tensor state) {
  return guard([&] { unwrap_generator(generator).set_state(unwrap(state)); });
}

ct_status ct_tensor_randn(ct_tensor *result, const int64_t *shape, size_t rank,
                          ct_generator generator, ct_device where) {
  return guard([&] {
    wrap(result, at::randn(sizes(shape, rank), unwrap_generator(generator), floats(where)));
  });
}

ct_status ct_tensor_rand(ct_tensor *result, const int64_t *shape, size_t rank,
                         ct_generator generator, ct_device where) {
  return guard([&] {
    wrap(result, at::rand(sizes(shape, rank), unwrap_generator(generator), floats(where)));
  });
}

ct_status ct_tensor_randint(ct_tensor *result, int64_t low, int64_t high, const int64_t *shape,
                            size_t rank, ct_generator generator, ct_device where) {
  return guard([&] {
    wrap(result, at::randint(low, high, sizes(shape, rank), unwrap_generator(generator),
                             at::TensorOptions(at::kLong).device(device(where))));
  });
}

ct_status ct_tensor_randperm(ct_tensor *result, int64_t count, ct_generator generator,
                             ct_device where) {
  return guard([&] {
    wrap(result, at::randperm(count, unwrap_generator(generator),
                              at::TensorOptions(at::kLong).device(device(where))));
  });
}
