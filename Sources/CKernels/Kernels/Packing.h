/// Copies of parts of a product's operands, laid out as the tiles read them.

/// Columns in a panel of B.
enum { PANEL = 2 * WIDTH };

/// out[depth, PANEL] from in[depth, columns], with zeros in the columns that are missing.
static void pack_rows(float *restrict out, const float *restrict in, int64_t stride, int64_t depth, int64_t columns) {
  if (columns == PANEL) {
    for (int64_t p = 0; p < depth; p++, in += stride, out += PANEL) {
      store(out, load(in));
      store(out + WIDTH, load(in + WIDTH));
    }
    return;
  }
  for (int64_t p = 0; p < depth; p++, in += stride, out += PANEL) {
    int64_t j = 0;
    for (; j < columns; j++) out[j] = in[j];
    for (; j < PANEL; j++) out[j] = 0.0f;
  }
}

/// out[depth, PANEL] from the transpose of in[columns, depth], with zeros in the columns that are missing.
static void pack_columns(float *restrict out, const float *restrict in, int64_t stride, int64_t depth,
                         int64_t columns) {
  int64_t packed = 0;
  for (; packed + WIDTH <= columns; packed += WIDTH) {
    const float *from = in + packed * stride;
    float *to = out + packed;
    int64_t p = 0;
    for (; p + 4 <= depth; p += 4) {
      vector v[4];
      for (int row = 0; row < 4; row++) {
        union {
          quad quads[WIDTH / 4];
          vector whole;
        } rows;
        for (int group = 0; group < WIDTH / 4; group++) {
          rows.quads[group] = load4(from + (4 * group + row) * stride + p);
        }
        v[row] = rows.whole;
      }
      transpose4(v);
      for (int q = 0; q < 4; q++) store(to + (p + q) * PANEL, v[q]);
    }
    for (; p < depth; p++) {
      for (int64_t j = 0; j < WIDTH; j++) to[p * PANEL + j] = from[j * stride + p];
    }
  }
  for (int64_t p = 0; p < depth; p++) {
    int64_t j = packed;
    for (; j < columns; j++) out[p * PANEL + j] = in[j * stride + p];
    for (; j < PANEL; j++) out[p * PANEL + j] = 0.0f;
  }
}

/// out[depth, rows] from in[depth, rows] of a wider matrix.
static void pack_slice(float *restrict out, const float *restrict in, int64_t stride, int64_t depth, int64_t rows) {
  if (rows == 6) {
    for (int64_t p = 0; p < depth; p++, in += stride, out += 6) {
      store4(out, load4(in));
      memcpy(out + 4, in + 4, 2 * sizeof(float));
    }
    return;
  }
  for (int64_t p = 0; p < depth; p++, in += stride, out += rows) {
    for (int64_t r = 0; r < rows; r++) out[r] = in[r];
  }
}
