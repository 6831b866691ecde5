/// One loop for each function of a program's instruction. The last vector is loaded before the loop stores anything, so
/// that it may overlap the one before it even where the result lies in an operand's memory.

typedef void elementwise(float *const *registers, const descent_instruction *instruction, int64_t count);

#define UNARY(name, expression)                                                                                     \
  static void name(float *const *registers, const descent_instruction *instruction, int64_t count) {                \
    const float *left = registers[instruction->left];                                                               \
    float *out = registers[instruction->result];                                                                    \
    if (count < WIDTH) {                                                                                            \
      vector a = load_part(left, count);                                                                            \
      store_part(out, expression, count);                                                                           \
      return;                                                                                                       \
    }                                                                                                               \
    int64_t last = count - WIDTH;                                                                                   \
    vector a = load(left + last), end = expression;                                                                 \
    for (int64_t i = 0; i < last; i += WIDTH) {                                                                     \
      a = load(left + i);                                                                                           \
      store(out + i, expression);                                                                                   \
    }                                                                                                               \
    store(out + last, end);                                                                                         \
  }

// Short operations gain from several vectors a turn.
#define UNROLLED _Pragma("clang loop unroll_count(4)")

#define BINARY(name, expression)                                                                                    \
  static void name(float *const *registers, const descent_instruction *instruction, int64_t count) {                \
    const float *left = registers[instruction->left], *right = registers[instruction->right];                       \
    float *out = registers[instruction->result];                                                                    \
    if (count < WIDTH) {                                                                                            \
      vector a = load_part(left, count), b = load_part(right, count);                                               \
      store_part(out, expression, count);                                                                           \
      return;                                                                                                       \
    }                                                                                                               \
    int64_t last = count - WIDTH;                                                                                   \
    vector a = load(left + last), b = load(right + last), end = expression;                                         \
    UNROLLED for (int64_t i = 0; i < last; i += WIDTH) {                                                                     \
      a = load(left + i);                                                                                           \
      b = load(right + i);                                                                                          \
      store(out + i, expression);                                                                                   \
    }                                                                                                               \
    store(out + last, end);                                                                                         \
  }

#define TERNARY(name, expression)                                                                                   \
  static void name(float *const *registers, const descent_instruction *instruction, int64_t count) {                \
    const float *left = registers[instruction->left], *right = registers[instruction->right];                       \
    const float *third = registers[instruction->third];                                                             \
    float *out = registers[instruction->result];                                                                    \
    if (count < WIDTH) {                                                                                            \
      vector a = load_part(left, count), b = load_part(right, count), c = load_part(third, count);                  \
      store_part(out, expression, count);                                                                           \
      return;                                                                                                       \
    }                                                                                                               \
    int64_t last = count - WIDTH;                                                                                   \
    vector a = load(left + last), b = load(right + last), c = load(third + last), end = expression;                 \
    UNROLLED for (int64_t i = 0; i < last; i += WIDTH) {                                                            \
      a = load(left + i);                                                                                           \
      b = load(right + i);                                                                                          \
      c = load(third + i);                                                                                          \
      store(out + i, expression);                                                                                   \
    }                                                                                                               \
    store(out + last, end);                                                                                         \
  }

/// Up to six operands.
#define SENARY(name, expression)                                                                                    \
  INLINE vector name##_of(vector a, vector b, vector c, vector d, vector e, vector f) { return expression; }        \
  static void name(float *const *registers, const descent_instruction *instruction, int64_t count) {                \
    const float *left = registers[instruction->left], *right = registers[instruction->right];                       \
    const float *third = registers[instruction->third], *fourth = registers[instruction->fourth];                   \
    const float *fifth = registers[instruction->fifth], *sixth = registers[instruction->sixth];                     \
    float *out = registers[instruction->result];                                                                    \
    if (count < WIDTH) {                                                                                            \
      vector y = name##_of(load_part(left, count), load_part(right, count), load_part(third, count),                \
                           load_part(fourth, count), load_part(fifth, count), load_part(sixth, count));             \
      store_part(out, y, count);                                                                                    \
      return;                                                                                                       \
    }                                                                                                               \
    int64_t last = count - WIDTH;                                                                                   \
    vector end = name##_of(load(left + last), load(right + last), load(third + last), load(fourth + last),          \
                           load(fifth + last), load(sixth + last));                                                 \
    UNROLLED for (int64_t i = 0; i < last; i += WIDTH) {                                                            \
      store(out + i, name##_of(load(left + i), load(right + i), load(third + i), load(fourth + i), load(fifth + i), \
                               load(sixth + i)));                                                                   \
    }                                                                                                               \
    store(out + last, end);                                                                                         \
  }

/// Element by element, by the C library.
#define SCALAR(name, expression)                                                                                    \
  static void name(float *const *registers, const descent_instruction *instruction, int64_t count) {                \
    const float *left = registers[instruction->left];                                                               \
    float *out = registers[instruction->result];                                                                    \
    for (int64_t i = 0; i < count; i++) out[i] = expression;                                                        \
  }

UNARY(apply_copy, a)
UNARY(apply_negate, -a)
UNARY(apply_absolute, magnitude(a))
UNARY(apply_sign, vector_sign(a))
UNARY(apply_floor, vector_floor(a))
UNARY(apply_round, vector_round(a))
UNARY(apply_exp, vector_exp(a))
UNARY(apply_log, vector_log(a))
UNARY(apply_log1p, vector_log1p(a))
UNARY(apply_expm1, vector_expm1(a))
UNARY(apply_sqrt, vector_sqrt(a))
UNARY(apply_rsqrt, 1.0f / vector_sqrt(a))
UNARY(apply_tanh, vector_tanh(a))
UNARY(apply_sigmoid, vector_sigmoid(a))
UNARY(apply_erf, vector_erf(a))
SCALAR(apply_sin, sinf(left[i]))
SCALAR(apply_cos, cosf(left[i]))
UNARY(apply_not, truth(a == 0.0f))
UNARY(apply_round_half, round_half(a))

BINARY(apply_add, a + b)
BINARY(apply_subtract, a - b)
BINARY(apply_multiply, a * b)
BINARY(apply_divide, a / b)
BINARY(apply_minimum, MINIMUM(a, b))
BINARY(apply_maximum, MAXIMUM(a, b))
SCALAR(apply_pow, powf(left[i], registers[instruction->right][i]))
BINARY(apply_equal, truth(a == b))
BINARY(apply_not_equal, truth(a != b))
BINARY(apply_less, truth(a < b))
BINARY(apply_less_equal, truth(a <= b))
BINARY(apply_greater, truth(a > b))
BINARY(apply_greater_equal, truth(a >= b))
BINARY(apply_and, truth((a != 0.0f) & (b != 0.0f)))
BINARY(apply_or, truth((a != 0.0f) | (b != 0.0f)))

TERNARY(apply_select, a != 0.0f ? b : c)
TERNARY(apply_multiply_add, multiply_add(a, b, c))
TERNARY(apply_subtract_product, multiply_add(-a, b, c))
TERNARY(apply_move_towards, multiply_add(b - a, c, a))
SENARY(apply_add_square, multiply_add(a, b, c * c * d))
SENARY(apply_adaptive_step, a - b * c / multiply_add(vector_sqrt(d), e, f))

static elementwise *const elementwise_functions[] = {
  [DESCENT_COPY] = apply_copy,
  [DESCENT_NEGATE] = apply_negate,
  [DESCENT_ABSOLUTE] = apply_absolute,
  [DESCENT_SIGN] = apply_sign,
  [DESCENT_FLOOR] = apply_floor,
  [DESCENT_ROUND] = apply_round,
  [DESCENT_EXP] = apply_exp,
  [DESCENT_LOG] = apply_log,
  [DESCENT_LOG1P] = apply_log1p,
  [DESCENT_EXPM1] = apply_expm1,
  [DESCENT_SQRT] = apply_sqrt,
  [DESCENT_RSQRT] = apply_rsqrt,
  [DESCENT_TANH] = apply_tanh,
  [DESCENT_SIGMOID] = apply_sigmoid,
  [DESCENT_ERF] = apply_erf,
  [DESCENT_SIN] = apply_sin,
  [DESCENT_COS] = apply_cos,
  [DESCENT_NOT] = apply_not,
  [DESCENT_ROUND_BFLOAT16] = apply_round_half,
  [DESCENT_ADD] = apply_add,
  [DESCENT_SUBTRACT] = apply_subtract,
  [DESCENT_MULTIPLY] = apply_multiply,
  [DESCENT_DIVIDE] = apply_divide,
  [DESCENT_MINIMUM] = apply_minimum,
  [DESCENT_MAXIMUM] = apply_maximum,
  [DESCENT_POW] = apply_pow,
  [DESCENT_EQUAL] = apply_equal,
  [DESCENT_NOT_EQUAL] = apply_not_equal,
  [DESCENT_LESS] = apply_less,
  [DESCENT_LESS_EQUAL] = apply_less_equal,
  [DESCENT_GREATER] = apply_greater,
  [DESCENT_GREATER_EQUAL] = apply_greater_equal,
  [DESCENT_AND] = apply_and,
  [DESCENT_OR] = apply_or,
  [DESCENT_SELECT] = apply_select,
  [DESCENT_MULTIPLY_ADD] = apply_multiply_add,
  [DESCENT_SUBTRACT_PRODUCT] = apply_subtract_product,
  [DESCENT_MOVE_TOWARDS] = apply_move_towards,
  [DESCENT_ADD_SQUARE] = apply_add_square,
  [DESCENT_ADAPTIVE_STEP] = apply_adaptive_step,
};
