// Success or failure of a call, and the message of the last failure on this thread.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define CT_BEGIN_DECLARATIONS extern "C" {
#define CT_END_DECLARATIONS }
#else
#define CT_BEGIN_DECLARATIONS
#define CT_END_DECLARATIONS
#endif

#if defined(__clang__)
#define CT_NONNULL _Nonnull
#define CT_NULLABLE _Nullable
#else
#define CT_NONNULL
#define CT_NULLABLE
#endif

#define CT_CHECKED __attribute__((warn_unused_result))

CT_BEGIN_DECLARATIONS

// 0 is success. 1 is a failure whose message `ct_last_error` holds; 2 is memory that ran out.
typedef int32_t ct_status;

// The message of the last failure on this thread; valid until the next failure on this thread.
const char *CT_NONNULL ct_last_error(void);

// The libtorch this program runs with, such as "2.13.0". Static storage.
const char *CT_NONNULL ct_libtorch_version(void);

// Threads that one operator may use. Setting is process-wide; `count` must be positive.
int32_t ct_thread_count(void);
CT_CHECKED ct_status ct_set_thread_count(int32_t count);

CT_END_DECLARATIONS
