/// Vectors of WIDTH floats, by clang's vector extensions.

#define INLINE static inline __attribute__((always_inline))

typedef float vector __attribute__((ext_vector_type(WIDTH)));
typedef int32_t ints __attribute__((ext_vector_type(WIDTH)));
typedef uint32_t words __attribute__((ext_vector_type(WIDTH)));
typedef float quad __attribute__((ext_vector_type(4)));

typedef vector unaligned_vector __attribute__((aligned(4)));
typedef quad unaligned_quad __attribute__((aligned(4)));

// Macros, because an unoptimised build passes a vector to a function, even an inlined one, slowly through memory.
#define load(p) (*(const unaligned_vector *)(p))
#define store(p, v) (*(unaligned_vector *)(p) = (v))
#define load4(p) (*(const unaligned_quad *)(p))
#define store4(p, v) (*(unaligned_quad *)(p) = (v))
#define float_bits(v) __builtin_bit_cast(vector, v)
#define int_bits(v) __builtin_bit_cast(ints, v)

/// a · b + c, rounded once where the processor can.
#if FUSED
#define multiply_add(a, b, c) __builtin_elementwise_fma((vector)(a), (vector)(b), (vector)(c))
#else
#define multiply_add(a, b, c) ((vector)(a) * (vector)(b) + (vector)(c))
#endif

INLINE vector magnitude(vector x) { return float_bits(int_bits(x) & 0x7fffffff); }

/// The magnitude of the first, which is not negative, with the sign of the second.
INLINE vector with_sign(vector x, vector sign) { return float_bits(int_bits(x) | (int_bits(sign) & INT32_MIN)); }

// MARK: Parts of a vector

/// Replaces the first `count` floats, 0 ... 3.
INLINE quad load_part4(const float *p, int64_t count, quad v) {
  if (count > 0) v[0] = p[0];
  if (count > 1) v[1] = p[1];
  if (count > 2) v[2] = p[2];
  return v;
}

INLINE void store_part4(float *p, quad v, int64_t count) {
  if (count > 0) p[0] = v[0];
  if (count > 1) p[1] = v[1];
  if (count > 2) p[2] = v[2];
}

/// The first `count` floats, 0 ..< WIDTH, and `otherwise` after them.
INLINE vector load_part_or(const float *p, int64_t count, vector otherwise) {
  union {
    vector whole;
    quad quads[WIDTH / 4];
  } v = {otherwise};
  for (int i = 0; i < WIDTH / 4; i++) {
    if (count >= 4 * i + 4) {
      v.quads[i] = load4(p + 4 * i);
    } else if (count > 4 * i) {
      v.quads[i] = load_part4(p + 4 * i, count - 4 * i, v.quads[i]);
    }
  }
  return v.whole;
}

INLINE vector load_part(const float *p, int64_t count) { return load_part_or(p, count, 0); }

INLINE void store_part(float *p, vector v, int64_t count) {
  union {
    vector whole;
    quad quads[WIDTH / 4];
  } parts = {v};
  for (int i = 0; i < WIDTH / 4; i++) {
    if (count >= 4 * i + 4) {
      store4(p + 4 * i, parts.quads[i]);
    } else if (count > 4 * i) {
      store_part4(p + 4 * i, parts.quads[i], count - 4 * i);
    }
  }
}

// MARK: Across a vector

/// The lower and upper halves of each group of four floats, interleaved.
#if WIDTH == 4
#define ZIP_LOW(a, b) __builtin_shufflevector(a, b, 0, 4, 1, 5)
#define ZIP_HIGH(a, b) __builtin_shufflevector(a, b, 2, 6, 3, 7)
#define PAIR_LOW(a, b) __builtin_shufflevector(a, b, 0, 1, 4, 5)
#define PAIR_HIGH(a, b) __builtin_shufflevector(a, b, 2, 3, 6, 7)
#elif WIDTH == 8
#define ZIP_LOW(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13)
#define ZIP_HIGH(a, b) __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15)
#define PAIR_LOW(a, b) __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13)
#define PAIR_HIGH(a, b) __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15)
#else
#error "vectors of another width need these four shuffles and COMBINE_TO_QUAD"
#endif

/// Transposes the 4 × 4 matrix in each group of four floats.
INLINE void transpose4(vector v[4]) {
  vector a = ZIP_LOW(v[0], v[1]), b = ZIP_HIGH(v[0], v[1]), c = ZIP_LOW(v[2], v[3]), d = ZIP_HIGH(v[2], v[3]);
  v[0] = PAIR_LOW(a, c);
  v[1] = PAIR_HIGH(a, c);
  v[2] = PAIR_LOW(b, d);
  v[3] = PAIR_HIGH(b, d);
}

/// All floats of a vector combined into one, always in the same order: halves first.
#if WIDTH == 4
#define COMBINE_TO_QUAD(combine, v) (v)
#else
#define COMBINE_TO_QUAD(combine, v) (combine((v).lo, (v).hi))
#endif
#define DEFINE_ACROSS(name, combine)                                                                                \
  INLINE float name(vector v) {                                                                                     \
    quad q = COMBINE_TO_QUAD(combine, v);                                                                           \
    float even = combine(q[0], q[2]), odd = combine(q[1], q[3]);                                                    \
    return combine(even, odd);                                                                                      \
  }

// These take vectors as well as scalars. NaN where either is NaN.
#define PLUS(a, b) ((a) + (b))
#define TIMES(a, b) ((a) * (b))
#define MINIMUM(a, b) ((((a) < (b)) | ((a) != (a))) ? (a) : (b))
#define MAXIMUM(a, b) ((((a) > (b)) | ((a) != (a))) ? (a) : (b))
DEFINE_ACROSS(add_across, PLUS)
DEFINE_ACROSS(multiply_across, TIMES)
DEFINE_ACROSS(minimum_across, MINIMUM)
DEFINE_ACROSS(maximum_across, MAXIMUM)
