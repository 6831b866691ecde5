/// Reductions of [outer, extent, inner] along the middle axis. What an element's sum adds in which order depends on the
/// extent alone: four rows at a time, in chunks, so that a long sum loses little to rounding.

/// Vectors or rows that one partial result covers.
enum { REDUCTION_CHUNK = 1024 };

#define COLUMNS(row) (part ? load_part(row, part) : load((row) + v * WIDTH))

INLINE vector combine_minimum(vector a, vector b) { return MINIMUM(a, b); }
INLINE vector combine_maximum(vector a, vector b) { return MAXIMUM(a, b); }

#define REDUCTION(name, start_value, combine, across)                                                               \
  /* in[extent] */                                                                                                  \
  static float name##_row(const float *in, int64_t extent) {                                                        \
    vector total = start_value;                                                                                     \
    int64_t e = 0;                                                                                                  \
    while (e + 4 * WIDTH <= extent) {                                                                               \
      vector a = start_value, b = a, c = a, d = a;                                                                  \
      int64_t chunk = e + REDUCTION_CHUNK * WIDTH < extent ? e + REDUCTION_CHUNK * WIDTH : extent;                  \
      for (; e + 4 * WIDTH <= chunk; e += 4 * WIDTH) {                                                              \
        a = combine(a, load(in + e));                                                                               \
        b = combine(b, load(in + e + WIDTH));                                                                       \
        c = combine(c, load(in + e + 2 * WIDTH));                                                                   \
        d = combine(d, load(in + e + 3 * WIDTH));                                                                   \
      }                                                                                                             \
      total = combine(total, combine(combine(a, b), combine(c, d)));                                                \
    }                                                                                                               \
    for (; e + WIDTH <= extent; e += WIDTH) total = combine(total, load(in + e));                                   \
    if (e < extent) {                                                                                               \
      total = combine(total, load_part_or(in + e, extent - e, start_value));                                        \
    }                                                                                                               \
    return across(total);                                                                                           \
  }                                                                                                                 \
                                                                                                                    \
  /* `columns` columns of in[extent, inner], a few vectors of them at a time */                                     \
  INLINE void name##_tile(const float *in, float *out, int64_t extent, int64_t inner, int vectors, int64_t part) {  \
    vector total[8], sum[8];                                                                                        \
    for (int v = 0; v < vectors; v++) total[v] = start_value;                                                       \
    for (int64_t e = 0; e < extent;) {                                                                              \
      int64_t chunk = e + REDUCTION_CHUNK < extent ? e + REDUCTION_CHUNK : extent;                                  \
      for (int v = 0; v < vectors; v++) sum[v] = start_value;                                                       \
      for (; e + 4 <= chunk; e += 4) {                                                                              \
        const float *row = in + e * inner;                                                                          \
        _Pragma("unroll") for (int v = 0; v < vectors; v++) {                                                       \
          vector a = COLUMNS(row), b = COLUMNS(row + inner);                                                        \
          vector c = COLUMNS(row + 2 * inner), d = COLUMNS(row + 3 * inner);                                        \
          sum[v] = combine(sum[v], combine(combine(a, b), combine(c, d)));                                          \
        }                                                                                                           \
      }                                                                                                             \
      for (; e < chunk; e++) {                                                                                      \
        _Pragma("unroll") for (int v = 0; v < vectors; v++) sum[v] = combine(sum[v], COLUMNS(in + e * inner));      \
      }                                                                                                             \
      _Pragma("unroll") for (int v = 0; v < vectors; v++) total[v] = combine(total[v], sum[v]);                     \
    }                                                                                                               \
    if (part) {                                                                                                     \
      store_part(out, total[0], part);                                                                              \
    } else {                                                                                                        \
      for (int v = 0; v < vectors; v++) store(out + v * WIDTH, total[v]);                                           \
    }                                                                                                               \
  }                                                                                                                 \
                                                                                                                    \
  static void name##_columns(const float *in, float *out, int64_t extent, int64_t inner, int64_t columns) {         \
    int64_t i = 0;                                                                                                  \
    for (; i + 4 * WIDTH <= columns; i += 4 * WIDTH) name##_tile(in + i, out + i, extent, inner, 4, 0);             \
    for (; i + WIDTH <= columns; i += WIDTH) name##_tile(in + i, out + i, extent, inner, 1, 0);                     \
    if (i < columns) name##_tile(in + i, out + i, extent, inner, 1, columns - i);                                   \
  }                                                                                                                 \
                                                                                                                    \
  static void name(const float *in, float *out, int64_t extent, int64_t inner, int64_t start, int64_t end) {        \
    if (inner == 1) {                                                                                               \
      for (int64_t o = start; o < end; o++) out[o] = name##_row(in + o * extent, extent);                           \
      return;                                                                                                       \
    }                                                                                                               \
    while (start < end) {                                                                                           \
      int64_t o = start / inner, i = start - o * inner;                                                             \
      int64_t columns = inner - i < end - start ? inner - i : end - start;                                          \
      name##_columns(in + o * extent * inner + i, out + start, extent, inner, columns);                             \
      start += columns;                                                                                             \
    }                                                                                                               \
  }

REDUCTION(reduce_sum, 0.0f, PLUS, add_across)
REDUCTION(reduce_product, 1.0f, TIMES, multiply_across)
REDUCTION(reduce_maximum, -INFINITY, combine_maximum, maximum_across)
REDUCTION(reduce_minimum, INFINITY, combine_minimum, minimum_across)

static void reduce(descent_reduction reduction, const float *in, float *out, int64_t extent, int64_t inner,
                   int64_t start, int64_t end) {
  switch (reduction) {
  case DESCENT_SUM: return reduce_sum(in, out, extent, inner, start, end);
  case DESCENT_PRODUCT: return reduce_product(in, out, extent, inner, start, end);
  case DESCENT_REDUCE_MAXIMUM: return reduce_maximum(in, out, extent, inner, start, end);
  case DESCENT_REDUCE_MINIMUM: return reduce_minimum(in, out, extent, inner, start, end);
  }
}
