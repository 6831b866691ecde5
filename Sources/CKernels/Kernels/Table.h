/// One processor's implementation of every public function that has more than one.
#pragma once
#include "../include/CKernels.h"

typedef struct descent_kernels {
  void (*program_run)(const descent_program *, void *const *, int64_t, int64_t, float *);
  void (*reduce)(descent_reduction, const float *, float *, int64_t, int64_t, int64_t, int64_t);
  void (*softmax)(bool, const float *, float *, int64_t, int64_t, int64_t);
  int64_t (*cross_entropy)(const descent_cross_entropy *, int64_t, int64_t);
  void (*sgemm)(const descent_product *, float, const float *, const float *, float, float *, const float *, int64_t,
                int64_t, int64_t, int64_t, float *, const descent_epilogue *);
  void (*random_uniform)(uint64_t, uint32_t, uint32_t, float *, int64_t, int64_t);
  void (*random_normal)(uint64_t, uint32_t, uint32_t, float *, int64_t, int64_t);
  void (*gather_bytes)(const uint8_t *, const int32_t *, int64_t, int64_t, const float *, const float *, float *);
  void (*gather_floats)(const float *, const int32_t *, int64_t, int64_t, const float *, const float *, float *);
  void (*widen)(const uint16_t *, float *, int64_t);
  void (*unfold)(const descent_windows *, const float *, float *, int64_t, int64_t);
  void (*unfold_halves)(const descent_windows *, const uint16_t *, uint16_t *, int64_t, int64_t);
  void (*fold)(const descent_windows *, const float *, float *, int64_t, int64_t);
  void (*greatest_places)(const descent_bounds *, const float *, int64_t *, int64_t, int64_t);
  int64_t (*gather_places)(const float *, const int64_t *, float *, int64_t, int64_t, int64_t, int64_t);
  int64_t (*gather_halves)(const uint16_t *, const int64_t *, uint16_t *, int64_t, int64_t, int64_t, int64_t);
  int64_t (*scatter_places)(const float *, const int64_t *, float *, int64_t, int64_t, int64_t, int64_t);
  void (*find_bytes)(const uint8_t *, int64_t, const uint8_t *, uint64_t *);
  int64_t (*count_byte)(const uint8_t *, int64_t, uint8_t);
  int64_t (*count_line_ends)(const uint8_t *, int64_t);
  int64_t (*peak)(int64_t, float, float, float *);
} descent_kernels;

extern const descent_kernels descent_kernels_portable;
#if defined(__x86_64__)
extern const descent_kernels descent_kernels_avx2;
#endif

/// Elements that a program computes at a time: small enough for its registers to stay in the first-level cache.
enum {
  DESCENT_BLOCK = 256,
  DESCENT_REGISTER = DESCENT_BLOCK + 16,  // with room for a whole vector written at the end
};

/// What a program keeps about an operand while it runs; one lies in scratch memory for each register.
typedef struct descent_walk {
  enum { DESCENT_IN_PLACE, DESCENT_ONCE, DESCENT_EACH_BLOCK } kind;
  int64_t offset;  // the element of memory that the coordinates name
  int64_t coordinates[DESCENT_MAXIMUM_RANK];
} descent_walk;

/// Blocking of products: six rows of A and a panel of B, DESCENT_DEPTH long, stream through the first-level cache, a
/// block of A stays in the second, a block of B in the third.
enum {
  DESCENT_DEPTH = 512,     // along k
  DESCENT_ROWS = 96,       // along m
  DESCENT_COLUMNS = 2048,  // along n
  DESCENT_PANEL = 32,      // the widest panel of any processor
  DESCENT_FINISHED = 24576,  // elements of C that a program behind the product takes at a time
};
