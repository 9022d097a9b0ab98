// Graphs: the kernels of a computation, recorded once by the device and launched again as a whole.
//
// They need libtorch 2.13 or newer, whose interface is the same for all devices; before it there was
// CUDA's alone, which needs CUDA's own headers.
#pragma once

#include "CTorch/tensor.h"

CT_BEGIN_DECLARATIONS

typedef struct ct_graph {
  void *CT_NULLABLE ref;  // owned; null once freed
} ct_graph;

// Whether this library was compiled with a libtorch that has the interface.
bool ct_graphs_are_built_in(void);
// Whether the libtorch in use records graphs on that device.
bool ct_graphs_are_available(ct_device device);

// Puts this thread's operators on `device` onto a stream of its own, for good: the default stream
// cannot be recorded. Waits for what was asked of the device before.
CT_CHECKED ct_status ct_use_own_stream(ct_device device);

// An empty graph.
CT_CHECKED ct_status ct_graph_create(ct_graph *CT_NONNULL result, ct_device device);
void ct_graph_free(ct_graph graph);

// Between these two, operators of this thread's stream are recorded and not computed. Host memory must
// not be read or written by them, nor the host wait for the device.
CT_CHECKED ct_status ct_graph_begin(ct_graph graph, ct_device device);
CT_CHECKED ct_status ct_graph_end(ct_graph graph);
// Computes what was recorded, in the same memory.
CT_CHECKED ct_status ct_graph_replay(ct_graph graph);

CT_END_DECLARATIONS
