#if defined(__linux__)
// glibc shows it only to programs of its own dialect (_GNU_SOURCE); musl has it, too.
int syncfs(int descriptor);
#endif
