// What changes the process of whoever calls it: for a command, which owns its process. Nothing of this
// happens by loading the library.
#pragma once

#include "CTorch/status.h"

CT_BEGIN_DECLARATIONS

// From here on the memory that tensors leave is kept for the next ones, at most 64 MiB more than was ever
// used at once, and glibc's heap gives back less. Tensors made before are not affected. Elsewhere than
// under Linux nothing changes.
void ct_keep_freed_memory(void);

// From here on `exit` runs what was registered later, writes out what C's streams hold, and ends the
// process. Elsewhere than with glibc nothing changes.
void ct_skip_teardown_at_exit(void);

// From here on the threads of an operator wait for one another in the way that suits the machine: awake
// while its cores are ours, asleep while another process computes on them. Numbers do not change. A
// thread looks four times per second. Elsewhere than with libgomp under Linux nothing changes.
void ct_share_processors(void);

// Whether threads wait asleep now, because another process computes.
bool ct_waits_asleep(void);

// Has `end` called, which must end the process, when memory that was refused would otherwise end it as an
// exception that nobody catches: on a thread of a team.
void ct_on_unhandled_out_of_memory(void (*CT_NONNULL end)(void));

CT_END_DECLARATIONS
