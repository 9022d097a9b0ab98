// Gradients.
#pragma once

#include "CTorch/tensor.h"

CT_BEGIN_DECLARATIONS

bool ct_tensor_requires_gradient(ct_tensor tensor);
CT_CHECKED ct_status ct_tensor_set_requires_gradient(ct_tensor tensor, bool required);
CT_CHECKED ct_status ct_tensor_detach(ct_tensor *CT_NONNULL result, ct_tensor tensor);
// From now on backward passes accumulate into `gradient`, in place.
CT_CHECKED ct_status ct_tensor_set_gradient(ct_tensor tensor, ct_tensor gradient);

// Accumulates d(loss)/d(leaf) into the gradient of every leaf that requires one; frees the graph
// unless it is retained.
CT_CHECKED ct_status ct_tensor_backward(ct_tensor loss, bool retain_graph);
// d(output)/d(input) for each input, written to `results`; `create_graph` keeps them differentiable.
// An input that the output does not depend on is a failure.
CT_CHECKED ct_status ct_gradients(
    ct_tensor *CT_NONNULL results, ct_tensor output, const ct_tensor *CT_NONNULL inputs,
    size_t count, bool create_graph, bool retain_graph);

// The same for an output of any shape: d(sum of weights * output)/d(input), the graph kept.
CT_CHECKED ct_status ct_weighted_gradients(
    ct_tensor *CT_NONNULL results, ct_tensor output, ct_tensor weights,
    const ct_tensor *CT_NONNULL inputs, size_t count);

// Whether operators on this thread record a graph. Returns the former value.
bool ct_set_gradient_mode(bool enabled);

CT_END_DECLARATIONS
