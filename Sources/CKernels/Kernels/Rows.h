/// Rows of a table gathered and scaled.

/// While a row is worked on, the one after the next is fetched: rows lie anywhere, so that the processor cannot see
/// ahead by itself.
INLINE void prefetch_row(const void *row, int64_t bytes) {
  for (int64_t i = 0; i < bytes; i += 64) __builtin_prefetch((const char *)row + i);
}

#define DEFINE_GATHER(name, element)                                                                                \
  static void name(const element *table, const int32_t *rows, int64_t row_count, int64_t count, const float *offset, \
                   const float *scale, float *out) {                                                                \
    for (int64_t r = 0; r < row_count; r++) {                                                                       \
      if (r + 2 < row_count) prefetch_row(table + rows[r + 2] * count, count * (int64_t)sizeof(element));           \
      const element *restrict from = table + rows[r] * count;                                                       \
      const float *restrict offsets = offset, *restrict scales = scale;                                             \
      float *restrict to = out + r * count;                                                                         \
      for (int64_t i = 0; i < count; i++) to[i] = ((float)from[i] - offsets[i]) * scales[i];                        \
    }                                                                                                               \
  }
DEFINE_GATHER(gather_bytes, uint8_t)
DEFINE_GATHER(gather_floats, float)
