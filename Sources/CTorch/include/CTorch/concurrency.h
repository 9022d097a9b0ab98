// Work of many small parts, one thread each, where the operators are too small to share.
#pragma once

#include "CTorch/status.h"

CT_BEGIN_DECLARATIONS

// Calls `body` for 0 ..< count on libtorch's threads, each of which takes one index after the other, and
// waits. Operators within run on one thread. `body` must not fail.
void ct_concurrently(
    int64_t count, void (*CT_NONNULL body)(void *CT_NULLABLE context, int64_t index),
    void *CT_NULLABLE context);

// Starts that many threads, has them wait for each other, and ends them: how many there were before the
// system refused one.
int32_t ct_startable_threads(int32_t count);

// Starts this thread's team, as large as may be, which then waits for work: OpenMP ends the process where a
// thread cannot be started.
void ct_start_team(void);

// From here on this thread runs each operator alone.
void ct_work_alone(void);

CT_END_DECLARATIONS
