/// Rows of a data set, gathered into a batch and normalised.

#define GATHER(name, element, copy_row)                                                                             \
  static void name(const element *in, const int32_t *rows, int64_t row_count, int64_t count, const float *offset,   \
                   const float *scale, float *restrict out) {                                                       \
    for (int64_t r = 0; r < row_count; r++, out += count) {                                                         \
      const element *row = in + rows[r] * count;                                                                    \
      if (offset && scale) {                                                                                        \
        for (int64_t f = 0; f < count; f++) out[f] = ((float)row[f] - offset[f]) * scale[f];                        \
      } else {                                                                                                      \
        copy_row;                                                                                                   \
      }                                                                                                             \
    }                                                                                                               \
  }

GATHER(gather_uint8, uint8_t, for (int64_t f = 0; f < count; f++) out[f] = (float)row[f])
GATHER(gather_float32, float, memcpy(out, row, (size_t)count * sizeof(float)))
