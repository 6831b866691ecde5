/// Counts allocations: a library that is loaded in front of the C library (LD_PRELOAD), never linked into a program.
/// Nothing is counted before `descent_malloc_counter_start`. All functions may be called from any thread.
#pragma once
#include <stdint.h>

/// Sets both counts to 0 and counts from now on, on all threads.
void descent_malloc_counter_start(void);
void descent_malloc_counter_stop(void);

/// Allocations that oneDNN had no part in.
int64_t descent_malloc_counter_own(void);
/// Allocations with a function of oneDNN (libdnnl) anywhere on the call stack.
int64_t descent_malloc_counter_onednn(void);
