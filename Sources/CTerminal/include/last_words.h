// What a process says when it has to end on the spot. In C, because it happens inside signals and where
// there is no memory left: nothing here allocates, locks or waits.
#pragma once

// Listens to traps from here on: one that comes while memory is short ends the process with a sentence,
// any other goes where it went before. A file that was cut short while it was mapped has a sentence of
// its own; SIGQUIT ends the process at once, unless it is ignored.
void lw_listen(void);

// What follows `out of memory`, such as `: lower --batch`.
void lw_keep_advice(const char *_Nonnull text);

// A snapshot that is being written or was, and how it is shown. Of the last two, the newest that exists is
// named at the end.
void lw_keep_snapshot(const char *_Nonnull path, const char *_Nonnull shown);

// Says that there was no memory for `operation`, and ends the process with code 1.
_Noreturn void lw_end_out_of_memory(const char *_Nullable operation);
