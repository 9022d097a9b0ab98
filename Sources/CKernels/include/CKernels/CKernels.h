// The C face of the hand-written kernels: operators with derivatives of their own, on the tensors of CTorch,
// whose conventions hold here too.
#pragma once

#include "CKernels/convolution.h"
#include "CKernels/operators.h"
#include "CKernels/route.h"
