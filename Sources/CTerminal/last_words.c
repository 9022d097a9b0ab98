#include "last_words.h"

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { longest = 4096 };

struct snapshot {
  char path[longest], shown[longest];
};

static char advice[longest];
static struct snapshot snapshots[2];
static volatile sig_atomic_t newest;  // its index
static struct sigaction former[NSIG];

static void keep(char *place, const char *text) {
  strncpy(place, text, longest - 1);
  place[longest - 1] = 0;
}

void lw_keep_advice(const char *text) { keep(advice, text); }

void lw_keep_snapshot(const char *path, const char *shown) {
  struct snapshot *const oldest = &snapshots[1 - newest];
  keep(oldest->path, path);
  keep(oldest->shown, shown);
  newest = 1 - newest;
}

// The snapshot to go on from, if there is one: files get their names when they are whole.
static const char *last_snapshot(void) {
  for (int age = 0; age < 2; ++age) {
    const struct snapshot *const snapshot = &snapshots[age == 0 ? newest : 1 - newest];
    if (snapshot->path[0] != 0 && access(snapshot->path, F_OK) == 0) return snapshot->shown;
  }
  return NULL;
}

// Writes a line of several pieces, unless standard error would have to wait.
static void say(const char *const *pieces) {
  static char line[4 * longest];  // The stack of a signal is small.
  size_t count = 0;
  for (; *pieces != NULL; ++pieces) {
    const size_t length = strnlen(*pieces, longest);
    memcpy(line + count, *pieces, length);
    count += length;
  }
  struct pollfd stream = {STDERR_FILENO, POLLOUT, 0};
  if (poll(&stream, 1, 0) > 0) (void)!write(STDERR_FILENO, line, count);
}

_Noreturn void lw_end_out_of_memory(const char *operation) {
  const char *const snapshot = last_snapshot();
  const char *const pieces[] = {
      "Error: out of memory",
      operation == NULL ? "" : " in ",
      operation == NULL ? "" : operation,
      advice,
      snapshot == NULL ? "" : "; --resume goes on from ",
      snapshot == NULL ? "" : snapshot,
      "\n",
      NULL,
  };
  say(pieces);
  _exit(EXIT_FAILURE);
}

// Whether a block of moderate size would be refused. Under a limit the process may have asked for more than
// that; without one only what no machine has is refused, and that is a mistake in code.
static bool is_memory_short(void) {
  bool is_limited = false;
  const int limits[] = {RLIMIT_AS, RLIMIT_DATA};
  for (size_t index = 0; index < sizeof limits / sizeof *limits; ++index) {
    struct rlimit limit;
    if (getrlimit(limits[index], &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) is_limited = true;
  }
  const size_t size = (size_t)(is_limited ? 256 : 64) << 20;
  void *const block =
      mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (block == MAP_FAILED) return true;
  munmap(block, size);
  return false;
}

static void handle_trap(int number) {
  if (is_memory_short()) lw_end_out_of_memory(NULL);
  if (number == SIGBUS) {
    const char *const pieces[] = {
        "Error: a file became shorter while it was being read, or its disk cannot be read; leave "
        "input files alone while lethe works\n",
        NULL};
    say(pieces);
    _exit(EXIT_FAILURE);
  }
  // Comes again as soon as this handler ends.
  sigaction(number, &former[number], NULL);
  raise(number);
}

static void handle_quit(int number) { _exit(128 + number); }

static void install(void (*handler)(int), int number) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  // Where a stack has overflowed, there may be another.
  action.sa_flags = SA_ONSTACK;
  sigaction(number, &action, &former[number]);
}

void lw_listen(void) {
  const int traps[] = {SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS};
  for (size_t index = 0; index < sizeof traps / sizeof *traps; ++index) {
    install(handle_trap, traps[index]);
  }
  // A signal that is ignored already, as in the background of a shell script, stays ignored.
  struct sigaction quit;
  if (sigaction(SIGQUIT, NULL, &quit) == 0 && quit.sa_handler == SIG_IGN) return;
  install(handle_quit, SIGQUIT);
}
