/// The public functions: each hands on to the implementation for the processor that was found at start.
#include <stdatomic.h>
#include "Kernels/Table.h"

/// Worst first, so that the last one that runs here is the one to use.
static const struct {
  const char *name;
  const descent_kernels *kernels;
} processors[] = {
  {"portable", &descent_kernels_portable},
#if defined(__x86_64__)
  {"avx2", &descent_kernels_avx2},
#endif
};

static int32_t available = 1;
static _Atomic(const descent_kernels *) selected = &descent_kernels_portable;

__attribute__((constructor)) static void find_processor(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) available = 2;
#endif
  descent_processor_select(available - 1);
}

static inline const descent_kernels *kernels(void) {
  return atomic_load_explicit(&selected, memory_order_relaxed);
}

int32_t descent_processor_count(void) { return available; }

const char *descent_processor_name(int32_t processor) { return processors[processor].name; }

int32_t descent_processor_selected(void) {
  int32_t processor = 0;
  while (processors[processor].kernels != kernels()) processor++;
  return processor;
}

void descent_processor_select(int32_t processor) {
  if (processor < 0 || processor >= available) return;
  atomic_store_explicit(&selected, processors[processor].kernels, memory_order_relaxed);
}

bool descent_processor_is_wider(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512f");
#else
  return false;
#endif
}

void descent_program_run(const descent_program *program, void *const *slots, int64_t start, int64_t end,
                         float *scratch) {
  kernels()->program_run(program, slots, start, end, scratch);
}

void descent_reduce(descent_reduction reduction, const float *in, float *out, int64_t extent, int64_t inner,
                    int64_t start, int64_t end) {
  kernels()->reduce(reduction, in, out, extent, inner, start, end);
}

void descent_softmax(bool logarithm, const float *in, float *out, int64_t count, int64_t start, int64_t end) {
  kernels()->softmax(logarithm, in, out, count, start, end);
}

int64_t descent_softmax_cross_entropy(const descent_cross_entropy *task, int64_t start, int64_t end) {
  return kernels()->cross_entropy(task, start, end);
}

void descent_sgemm(const descent_product *product, float alpha, const float *a, const float *b, float beta, float *c,
                   const float *bias, int64_t row_start, int64_t row_end, int64_t column_start, int64_t column_end,
                   float *scratch, const descent_epilogue *epilogue) {
  kernels()->sgemm(product, alpha, a, b, beta, c, bias, row_start, row_end, column_start, column_end, scratch, epilogue);
}

void descent_random_uniform(uint64_t key, uint32_t stream, uint32_t step, float *out, int64_t start, int64_t end) {
  kernels()->random_uniform(key, stream, step, out, start, end);
}

void descent_random_normal(uint64_t key, uint32_t stream, uint32_t step, float *out, int64_t start, int64_t end) {
  kernels()->random_normal(key, stream, step, out, start, end);
}

void descent_gather_bytes(const uint8_t *table, const int32_t *rows, int64_t row_count, int64_t count,
                          const float *offset, const float *scale, float *out) {
  kernels()->gather_bytes(table, rows, row_count, count, offset, scale, out);
}

void descent_gather_floats(const float *table, const int32_t *rows, int64_t row_count, int64_t count,
                           const float *offset, const float *scale, float *out) {
  kernels()->gather_floats(table, rows, row_count, count, offset, scale, out);
}

void descent_widen(const uint16_t *in, float *out, int64_t count) { kernels()->widen(in, out, count); }

void descent_unfold(const descent_windows *windows, const float *in, float *out, int64_t start, int64_t end) {
  kernels()->unfold(windows, in, out, start, end);
}

void descent_unfold_halves(const descent_windows *windows, const uint16_t *in, uint16_t *out, int64_t start,
                           int64_t end) {
  kernels()->unfold_halves(windows, in, out, start, end);
}

void descent_fold(const descent_windows *windows, const float *in, float *out, int64_t start, int64_t end) {
  kernels()->fold(windows, in, out, start, end);
}

void descent_greatest_places(const descent_bounds *bounds, const float *in, int64_t *out, int64_t start, int64_t end) {
  kernels()->greatest_places(bounds, in, out, start, end);
}

int64_t descent_gather_places(const float *in, const int64_t *places, float *out, int64_t extent, int64_t count,
                              int64_t start, int64_t end) {
  return kernels()->gather_places(in, places, out, extent, count, start, end);
}

int64_t descent_gather_halves(const uint16_t *in, const int64_t *places, uint16_t *out, int64_t extent, int64_t count,
                              int64_t start, int64_t end) {
  return kernels()->gather_halves(in, places, out, extent, count, start, end);
}

int64_t descent_scatter_places(const float *in, const int64_t *places, float *out, int64_t extent, int64_t count,
                               int64_t start, int64_t end) {
  return kernels()->scatter_places(in, places, out, extent, count, start, end);
}

void descent_find_bytes(const uint8_t *text, int64_t count, const uint8_t wanted[4], uint64_t *bits) {
  kernels()->find_bytes(text, count, wanted, bits);
}

int64_t descent_count_byte(const uint8_t *text, int64_t count, uint8_t wanted) {
  return kernels()->count_byte(text, count, wanted);
}

int64_t descent_count_line_ends(const uint8_t *text, int64_t count) { return kernels()->count_line_ends(text, count); }

int64_t descent_peak(int64_t count, float factor, float term, float *total) {
  return kernels()->peak(count, factor, term, total);
}

// The sizes of scratch memory hold for every processor. 16 floats are for alignment to a cache line.

int64_t descent_program_scratch(int32_t register_count) {
  int64_t bytes = sizeof(float) * DESCENT_REGISTER + sizeof(float *) + sizeof(descent_walk);
  return register_count * bytes / (int64_t)sizeof(float) + 16;
}

int64_t descent_sgemm_scratch(int64_t m, int64_t n, int64_t k) {
  if (n == 1) {  // it may be computed as a row
    n = m;
    m = 1;
  }
  int64_t depth = k < DESCENT_DEPTH ? k : DESCENT_DEPTH;
  int64_t rows = m < DESCENT_ROWS ? m : DESCENT_ROWS;
  int64_t columns = n < DESCENT_COLUMNS ? n : DESCENT_COLUMNS;
  columns = (columns + DESCENT_PANEL - 1) / DESCENT_PANEL * DESCENT_PANEL;
  return depth * (rows + columns) + 16;
}
