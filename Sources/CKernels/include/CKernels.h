/// Vector loops: over float32 memory, which the planner in `Sources/Tensors` calls, and over texts, which the readers of
/// tables in `Sources/Datasets` do. No allocation, no threads, no policy. Every function that takes a range works on that part
/// only, and its results do not depend on how the whole is divided into ranges, so that callers may use any number of threads.
#pragma once
#include <stdbool.h>
#include <stdint.h>

// MARK: Processors

/// Every kernel exists for several processors; the best one that runs here is selected at start. These functions let
/// tests and measurements choose another. They must not run while another thread is inside a kernel whose result
/// should come from one processor only: results may differ in the last bits, except for uniform random numbers.
int32_t descent_processor_count(void);
/// Of processors 0 ..< count, worst first.
const char *descent_processor_name(int32_t processor);
int32_t descent_processor_selected(void);
void descent_processor_select(int32_t processor);
/// Whether this processor has wider vectors than any kernel here is made for (AVX-512), so that another library's
/// products may be faster.
bool descent_processor_is_wider(void);

// MARK: Elementwise programs

/// What one instruction computes, element by element, on float32; truth is 1 and falsehood 0.
typedef enum descent_function {
  // one operand: left
  DESCENT_COPY, DESCENT_NEGATE, DESCENT_ABSOLUTE, DESCENT_SIGN, DESCENT_FLOOR, DESCENT_ROUND, DESCENT_EXP,
  DESCENT_LOG, DESCENT_LOG1P, DESCENT_EXPM1, DESCENT_SQRT, DESCENT_RSQRT, DESCENT_TANH, DESCENT_SIGMOID,
  DESCENT_ERF, DESCENT_SIN, DESCENT_COS, DESCENT_NOT,
  // the nearest number that a bfloat16 holds
  DESCENT_ROUND_BFLOAT16,
  // two operands: left, right
  DESCENT_ADD, DESCENT_SUBTRACT, DESCENT_MULTIPLY, DESCENT_DIVIDE, DESCENT_MINIMUM, DESCENT_MAXIMUM, DESCENT_POW,
  DESCENT_EQUAL, DESCENT_NOT_EQUAL, DESCENT_LESS, DESCENT_LESS_EQUAL, DESCENT_GREATER, DESCENT_GREATER_EQUAL,
  DESCENT_AND, DESCENT_OR,
  // three operands: left != 0 ? right : third, left · right + third, third − left · right
  DESCENT_SELECT, DESCENT_MULTIPLY_ADD, DESCENT_SUBTRACT_PRODUCT,
  // what adaptive optimizers do to each weight, in registers: left + (right − left) · third,
  // left · right + third² · fourth, and left − right · third / (√fourth · fifth + sixth)
  DESCENT_MOVE_TOWARDS, DESCENT_ADD_SQUARE, DESCENT_ADAPTIVE_STEP,
} descent_function;

/// How the elements of an operand or a result lie in memory. A bfloat16 is the upper half of a float; a result of that
/// kind is rounded to the nearest one, halves to the even one, and NaN stays NaN.
typedef enum descent_storage { DESCENT_FLOAT32, DESCENT_BOOL, DESCENT_BFLOAT16 } descent_storage;

enum { DESCENT_MAXIMUM_RANK = 8 };

/// A register that is read from memory: `slots[slot]`, walked along with the result.
typedef struct descent_operand {
  int32_t slot;
  descent_storage storage;
  /// 0: contiguous, element i of the result reads element i. Otherwise the result's collapsed shape,
  /// outermost axis first, with the operand's stride (in elements, 0 where it is broadcast) on each axis.
  int32_t rank;
  int64_t shape[DESCENT_MAXIMUM_RANK];
  int64_t strides[DESCENT_MAXIMUM_RANK];
} descent_operand;

/// registers[result] = function(registers[left], registers[right], ...)
typedef struct descent_instruction {
  descent_function function;
  int32_t result, left, right, third, fourth, fifth, sixth;
} descent_instruction;

/// A register that is written to memory, contiguously: `slots[slot]`.
typedef struct descent_result {
  int32_t slot;
  int32_t from;  // the register
  descent_storage storage;
  /// Whether the register may be computed straight in `slots[slot]`. False where that memory is also an operand's that
  /// is read by an instruction after the first one that writes the register; it is then copied at the end of each
  /// block, in the order of the results.
  bool direct;
} descent_result;

/// Instructions over registers. Registers 0 ..< operand_count are the operands, the others are blocks of scratch
/// memory, which instructions may reuse.
typedef struct descent_program {
  int64_t count;  // elements of every result
  int32_t operand_count, instruction_count, result_count, register_count;
  const descent_operand *operands;
  const descent_instruction *instructions;
  const descent_result *results;
} descent_program;

/// Floats of scratch memory that a run of a program with so many registers needs.
int64_t descent_program_scratch(int32_t register_count);

/// Runs the program for elements start ..< end. Results may share memory with operands, element for element.
void descent_program_run(const descent_program *program, void *const *slots, int64_t start, int64_t end,
                         float *scratch);

// MARK: Reductions

typedef enum descent_reduction {
  DESCENT_SUM, DESCENT_PRODUCT, DESCENT_REDUCE_MAXIMUM, DESCENT_REDUCE_MINIMUM,
} descent_reduction;

/// out[o, i] = reduction over e of in[o, e, i], for contiguous in: [outer, extent, inner] and out: [outer, inner], for
/// the flat results start ..< end. NaN in gives NaN out. Sums are accumulated in several partial sums in a fixed order.
void descent_reduce(descent_reduction reduction, const float *in, float *out, int64_t extent, int64_t inner,
                    int64_t start, int64_t end);

/// Softmax, or its logarithm, of rows start ..< end of in: [rows, count].
void descent_softmax(bool logarithm, const float *in, float *out, int64_t count, int64_t start, int64_t end);

/// The cross-entropy of softmax(logits) [rows, count] at each row's class, and its gradient.
typedef struct descent_cross_entropy {
  const float *logits;
  const void *classes;  // int32_t, or int64_t where wide
  bool wide;
  /// One for all rows, or one for each.
  bool one_gradient;
  const float *loss_gradient;
  int64_t count;
  float *losses;    // [rows]: ln Σ eˣ − x[class]; may be null
  float *gradient;  // [rows, count]: loss_gradient · (softmax(x) − onehot(class)); may be null
} descent_cross_entropy;

/// For rows start ..< end. Returns a row whose class is outside 0 ..< count, with nothing computed, or −1.
int64_t descent_softmax_cross_entropy(const descent_cross_entropy *task, int64_t start, int64_t end);

// MARK: Products

/// Floats of scratch memory that `descent_sgemm` needs for m rows and n columns of a product.
int64_t descent_sgemm_scratch(int64_t m, int64_t n, int64_t k);

/// op(A)[m, k] · op(B)[k, n], row-major: A lies as [k, m] where transposes_left, B as [n, k] where transposes_right. lda,
/// ldb and ldc are the distances between rows as they lie in memory.
typedef struct descent_product {
  bool transposes_left, transposes_right;
  int64_t m, n, k, lda, ldb, ldc;
} descent_product;

/// A program that runs over C as soon as a part of it is complete, while that part is in the cache. C is one of its
/// operands, contiguous (ldc = n), as elements `first` and following of its results.
typedef struct descent_epilogue {
  const descent_program *program;
  void *const *slots;
  float *scratch;
  int64_t first;
} descent_epilogue;

/// C[m, n] = alpha · op(A) · op(B) + beta · C + bias[n], which may be null, for the rows and columns in the ranges only;
/// then, where there is one, the epilogue over the same part. With beta 0, C is not read. Every element's sum runs in the
/// same order for any ranges.
void descent_sgemm(const descent_product *product, float alpha, const float *a, const float *b, float beta, float *c,
                   const float *bias, int64_t row_start, int64_t row_end, int64_t column_start, int64_t column_end,
                   float *scratch, const descent_epilogue *epilogue);

// MARK: Random numbers

/// Philox4x32-10: four words from a 64-bit key and a 128-bit counter (Salmon et al., "Parallel random numbers: as
/// easy as 1, 2, 3", 2011).
void descent_philox(uint64_t key, const uint32_t counter[4], uint32_t words[4]);

/// out[i] for i in start ..< end: word i % 4 of the block with counter (low and high word of i / 4, stream, step),
/// divided by 2^32 and rounded down to 24 bits: uniform in [0, 1).
void descent_random_uniform(uint64_t key, uint32_t stream, uint32_t step, float *out, int64_t start, int64_t end);

/// The same blocks made standard normal by Box–Muller: words (0, 1) give elements 0 and 1 of a block, (2, 3) the
/// others; radius √(−2 ln((w0 + 1) / 2^32)), angle 2π·w1 / 2^32, first the cosine, then the sine.
void descent_random_normal(uint64_t key, uint32_t stream, uint32_t step, float *out, int64_t start, int64_t end);

// MARK: Rows

/// out[r · count + i] = (table[rows[r] · count + i] − offset[i]) · scale[i], for rows of `count` elements.
void descent_gather_bytes(const uint8_t *table, const int32_t *rows, int64_t row_count, int64_t count,
                          const float *offset, const float *scale, float *out);
void descent_gather_floats(const float *table, const int32_t *rows, int64_t row_count, int64_t count,
                           const float *offset, const float *scale, float *out);

// MARK: Texts

/// Bit i % 64 of bits[i / 64] says whether text[i] is one of the four bytes; bits behind the last byte are 0.
void descent_find_bytes(const uint8_t *text, int64_t count, const uint8_t wanted[4], uint64_t *bits);

/// How often a byte comes.
int64_t descent_count_byte(const uint8_t *text, int64_t count, uint8_t wanted);

/// How many lines end, as an editor counts: with LF, with CR, or with both together.
int64_t descent_count_line_ends(const uint8_t *text, int64_t count);

// MARK: Halves

/// bfloat16, the upper halves of floats, as floats.
void descent_widen(const uint16_t *in, float *out, int64_t count);

// MARK: Windows

/// Windows over the planes of a picture of three axes, the first of them of extent 1 where it has fewer: window o of an
/// axis covers the places o · stride − low + k · dilation, k in 0 ..< kernel. What lies outside is 0.
typedef struct descent_windows {
  int64_t extents[3], kernel[3], stride[3], dilation[3], low[3], counts[3];
} descent_windows;

/// For planes start ..< end of in: [planes, extents] the elements of every window, out: [planes, kernel, counts].
void descent_unfold(const descent_windows *windows, const float *in, float *out, int64_t start, int64_t end);
/// The same of elements of two bytes.
void descent_unfold_halves(const descent_windows *windows, const uint16_t *in, uint16_t *out, int64_t start,
                           int64_t end);

/// The converse: each element of in: [planes, kernel, counts] added to zeros, out: [planes, extents], at the place where
/// `descent_unfold` reads it.
void descent_fold(const descent_windows *windows, const float *in, float *out, int64_t start, int64_t end);

/// Windows of any extent: window o of an axis covers every `steps`-th place from starts[o] to before ends[o].
typedef struct descent_bounds {
  int64_t extents[3], counts[3], steps[3];
  const int64_t *starts[3], *ends[3];
} descent_bounds;

/// For planes start ..< end of in: [planes, extents] the place in the plane of each window's greatest element, the first
/// of equals, NaN above all: out: [planes, counts]. No window may be empty.
void descent_greatest_places(const descent_bounds *bounds, const float *in, int64_t *out, int64_t start, int64_t end);

/// out[r, i] = in[r, places[r, i]] for rows start ..< end; in: [rows, extent], places and out: [rows, count]. Returns where
/// a place is outside 0 ..< extent, at which it stops, or −1.
int64_t descent_gather_places(const float *in, const int64_t *places, float *out, int64_t extent, int64_t count,
                              int64_t start, int64_t end);

/// The same of elements of two bytes.
int64_t descent_gather_halves(const uint16_t *in, const int64_t *places, uint16_t *out, int64_t extent, int64_t count,
                              int64_t start, int64_t end);

/// out[r, places[r, i]] += in[r, i] from zeros; in and places: [rows, count], out: [rows, extent]. Returns as above.
int64_t descent_scatter_places(const float *in, const int64_t *places, float *out, int64_t extent, int64_t count,
                               int64_t start, int64_t end);

// MARK: Measuring

/// x ← factor · x + term from 0, `count` times, in as many numbers as the processor multiplies and adds at its full
/// speed. Writes their sum, and returns the floating-point operations done, 2 a multiply-add: what no kernel surpasses.
int64_t descent_peak(int64_t count, float factor, float term, float *total);
