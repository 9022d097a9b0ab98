#include "CTorch/graph.h"

#include "CTorch/implementation/handles.h"

#if __has_include(<ATen/accelerator/Graph.h>)
#include <ATen/accelerator/Graph.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/impl/VirtualGuardImpl.h>

using namespace ct;

namespace {

at::accelerator::Graph &unwrap_graph(ct_graph graph) {
  TORCH_CHECK(graph.ref != nullptr, "null graph");
  return *static_cast<at::accelerator::Graph *>(graph.ref);
}

}  // namespace

bool ct_graphs_are_built_in(void) { return true; }

bool ct_graphs_are_available(ct_device where) {
  return where.kind != ct_cpu && at::has_graph_impl(device(where).type());
}

ct_status ct_use_own_stream(ct_device where) {
  return guard([&] {
    const at::Device target = device(where);
    const c10::impl::VirtualGuardImpl devices(target.type());
    devices.setDevice(target);
    devices.synchronizeDevice(target.index());
    devices.exchangeStream(devices.getStreamFromGlobalPool(target));
  });
}

ct_status ct_graph_create(ct_graph *result, ct_device where) {
  return guard([&] {
    TORCH_CHECK(ct_graphs_are_available(where), "no graphs on ", device(where));
    result->ref = new at::accelerator::Graph();
  });
}

void ct_graph_free(ct_graph graph) { delete static_cast<at::accelerator::Graph *>(graph.ref); }

ct_status ct_graph_begin(ct_graph graph, ct_device where) {
  return guard([&] {
    const at::Device target = device(where);
    // The graph gets memory of its own: what the computation left in the cache is free for it, and
    // while it is recorded nothing can be given back.
    c10::impl::VirtualGuardImpl(target.type()).synchronizeDevice(target.index());
    at::getDeviceAllocator(target.type())->emptyCache();
    unwrap_graph(graph).capture_begin();
  });
}

ct_status ct_graph_end(ct_graph graph) {
  return guard([&] { unwrap_graph(graph).capture_end(); });
}

ct_status ct_graph_replay(ct_graph graph) {
  return guard([&] { unwrap_graph(graph).replay(); });
}

#else

namespace {

ct_status refuse() {
  return ct::guard([] { TORCH_CHECK(false, "graphs need libtorch 2.13 or newer"); });
}

}  // namespace

bool ct_graphs_are_built_in(void) { return false; }
bool ct_graphs_are_available(ct_device) { return false; }
ct_status ct_use_own_stream(ct_device) { return refuse(); }
ct_status ct_graph_create(ct_graph *, ct_device) { return refuse(); }
void ct_graph_free(ct_graph) {}
ct_status ct_graph_begin(ct_graph, ct_device) { return refuse(); }
ct_status ct_graph_end(ct_graph) { return refuse(); }
ct_status ct_graph_replay(ct_graph) { return refuse(); }

#endif
