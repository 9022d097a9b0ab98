// Work of many small parts, one thread each, where the operators are too small to share.
#pragma once

#include "CTorch/status.h"

CT_BEGIN_DECLARATIONS

// Calls `body` for 0 ..< count on libtorch's threads, each of which takes one index after the other, and
// waits. Operators within run on one thread. `body` must not fail.
void ct_concurrently(
    int64_t count, void (*CT_NONNULL body)(void *CT_NULLABLE context, int64_t index),
    void *CT_NULLABLE context);

CT_END_DECLARATIONS
