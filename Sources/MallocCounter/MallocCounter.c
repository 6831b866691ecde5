#define _GNU_SOURCE
#include "include/MallocCounter.h"

// glibc has its allocator under second names, so that none has to be looked up, which would allocate.
#if defined(__linux__) && defined(__GLIBC__)
#include <errno.h>
#include <execinfo.h>
#include <link.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static atomic_bool counts;
static _Atomic int64_t own, onednn;

// MARK: Who allocates

enum { MAXIMUM_FRAMES = 256, MAXIMUM_SEGMENTS = 64 };

/// Where oneDNN's code lies.
static struct {
  uintptr_t start, end;
} segments[MAXIMUM_SEGMENTS];
static int segment_count;

static int find_segments(struct dl_phdr_info *object, size_t size, void *context) {
  (void)size, (void)context;
  if (!strstr(object->dlpi_name, "libdnnl")) return 0;
  for (int i = 0; i < object->dlpi_phnum && segment_count < MAXIMUM_SEGMENTS; i++) {
    const ElfW(Phdr) *header = &object->dlpi_phdr[i];
    if (header->p_type != PT_LOAD || !(header->p_flags & PF_X)) continue;
    uintptr_t start = object->dlpi_addr + header->p_vaddr;
    segments[segment_count].start = start;
    segments[segment_count++].end = start + header->p_memsz;
  }
  return 0;
}

static bool is_onednn(void *const *frames, int count) {
  for (int i = 0; i < count; i++) {
    for (int s = 0; s < segment_count; s++) {
      if ((uintptr_t)frames[i] >= segments[s].start && (uintptr_t)frames[i] < segments[s].end) return true;
    }
  }
  return false;
}

/// Walking the stack may allocate, which is not counted. The model needs no allocation for a thread's first use.
static _Thread_local bool is_walking __attribute__((tls_model("initial-exec")));

static void count(void) {
  if (!atomic_load_explicit(&counts, memory_order_acquire) || is_walking) return;
  is_walking = true;
  bool is_theirs = false;
  if (segment_count > 0) {
    void *frames[MAXIMUM_FRAMES];
    is_theirs = is_onednn(frames, backtrace(frames, MAXIMUM_FRAMES));
  }
  atomic_fetch_add_explicit(is_theirs ? &onednn : &own, 1, memory_order_relaxed);
  is_walking = false;
}

void descent_malloc_counter_start(void) {
  descent_malloc_counter_stop();
  void *frame;
  (void)backtrace(&frame, 1);  // loads what walks stacks
  segment_count = 0;
  dl_iterate_phdr(find_segments, NULL);
  atomic_store(&own, 0);
  atomic_store(&onednn, 0);
  atomic_store_explicit(&counts, true, memory_order_release);
}

void descent_malloc_counter_stop(void) { atomic_store(&counts, false); }

int64_t descent_malloc_counter_own(void) { return atomic_load(&own); }

int64_t descent_malloc_counter_onednn(void) { return atomic_load(&onednn); }

// MARK: In front of the C library

void *malloc(size_t size) {
  count();
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  count();
  return __libc_calloc(number, size);
}

void *realloc(void *memory, size_t size) {
  count();
  return __libc_realloc(memory, size);
}

static void *allocate_aligned(size_t alignment, size_t size) {
  count();
  return __libc_memalign(alignment, size);
}

void *memalign(size_t alignment, size_t size) { return allocate_aligned(alignment, size); }

void *aligned_alloc(size_t alignment, size_t size) { return allocate_aligned(alignment, size); }

int posix_memalign(void **memory, size_t alignment, size_t size) {
  if (alignment % sizeof(void *) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
  void *allocated = allocate_aligned(alignment, size);
  if (!allocated) return ENOMEM;
  *memory = allocated;
  return 0;
}

#else

void descent_malloc_counter_start(void) {}
void descent_malloc_counter_stop(void) {}
int64_t descent_malloc_counter_own(void) { return 0; }
int64_t descent_malloc_counter_onednn(void) { return 0; }

#endif
