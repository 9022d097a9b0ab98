// The C face of libtorch: plain C, one status, one handle type per kind of object.
//
// Every function that can fail returns a `ct_status` and writes its result through the first pointer.
// Results are owned by the caller, who frees them; arguments are borrowed for the call. Nothing here
// knows what the tensors mean: a network, its training and its files are other targets' matter.
#pragma once

#include "CTorch/autograd.h"
#include "CTorch/concurrency.h"
#include "CTorch/device.h"
#include "CTorch/graph.h"
#include "CTorch/linear_algebra.h"
#include "CTorch/memory.h"
#include "CTorch/operators.h"
#include "CTorch/optimizers.h"
#include "CTorch/process.h"
#include "CTorch/random.h"
#include "CTorch/status.h"
#include "CTorch/tensor.h"
