#include <torch/csrc/autograd/autograd.h>

#include "CTorch/implementation/handles.h"

using namespace ct;

bool ct_tensor_requires_gradient(ct_tensor tensor) { return unwrap(tensor).requires_grad(); }

ct_status ct_tensor_set_requires_gradient(ct_tensor tensor, bool required) {
  return guard([&] { unwrap(tensor).set_requires_grad(required); });
}

ct_status ct_tensor_detach(ct_tensor *result, ct_tensor tensor) {
  return guard([&] { wrap(result, unwrap(tensor).detach()); });
}

ct_status ct_tensor_set_gradient(ct_tensor tensor, ct_tensor gradient) {
  return guard([&] { unwrap(tensor).mutable_grad() = unwrap(gradient); });
}

ct_status ct_tensor_backward(ct_tensor loss, bool retain_graph) {
  return guard([&] { torch::autograd::backward({unwrap(loss)}, {}, retain_graph); });
}

ct_status ct_gradients(ct_tensor *results, ct_tensor output, const ct_tensor *inputs, size_t count,
                       bool create_graph, bool retain_graph) {
  return guard([&] {
    torch::autograd::variable_list list;
    list.reserve(count);
    for (size_t i = 0; i < count; ++i) list.push_back(unwrap(inputs[i]));
    auto gradients = torch::autograd::grad({unwrap(output)}, list, {}, retain_graph || create_graph,
                                           create_graph, /*allow_unused=*/false);
    for (size_t i = 0; i < count; ++i) wrap(&results[i], std::move(gradients[i]));
  });
}

ct_status ct_weighted_gradients(ct_tensor *results, ct_tensor output, ct_tensor weights,
                                const ct_tensor *inputs, size_t count) {
  return guard([&] {
    torch::autograd::variable_list list;
    list.reserve(count);
    for (size_t i = 0; i < count; ++i) list.push_back(unwrap(inputs[i]));
    auto gradients =
        torch::autograd::grad({unwrap(output)}, list, {unwrap(weights)}, /*retain_graph=*/true,
                              /*create_graph=*/false, /*allow_unused=*/false);
    for (size_t i = 0; i < count; ++i) wrap(&results[i], std::move(gradients[i]));
  });
}

bool ct_set_gradient_mode(bool enabled) {
  const bool former = at::GradMode::is_enabled();
  at::GradMode::set_enabled(enabled);
  return former;
}
