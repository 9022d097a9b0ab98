// How a process ends.
#pragma once

#include "CTorch/status.h"

CT_BEGIN_DECLARATIONS

// From here on `exit` runs what was registered later, writes out what C's streams hold, and ends the
// process. Elsewhere than with glibc nothing changes.
void ct_skip_teardown_at_exit(void);

CT_END_DECLARATIONS
