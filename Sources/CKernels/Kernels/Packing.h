/// Copies of parts of a product's operands, laid out as the tiles read them.

/// Columns in a panel of B.
enum { PANEL = 2 * WIDTH };

/// out[depth, PANEL] from in[depth, columns]. Between one and two vectors, the second takes the last columns and
/// overlaps the first; less than one vector is filled up with zeros.
static void pack_rows(float *restrict out, const float *restrict in, int64_t stride, int64_t depth, int64_t columns) {
  if (columns > WIDTH) {
    for (int64_t p = 0; p < depth; p++, in += stride, out += PANEL) {
      store(out, load(in));
      store(out + WIDTH, load(in + columns - WIDTH));
    }
  } else if (columns == WIDTH) {
    for (int64_t p = 0; p < depth; p++, in += stride, out += PANEL) store(out, load(in));
  } else {
    for (int64_t p = 0; p < depth; p++, in += stride, out += PANEL) store(out, load_part(in, columns));
  }
}

/// One vector of each row of a panel, from the transpose of in[WIDTH, depth].
INLINE void pack_column_vector(float *restrict out, const float *restrict in, int64_t stride, int64_t depth) {
  int64_t p = 0;
  for (; p + 4 <= depth; p += 4, out += 4 * PANEL) {
    if (p % 16 == 0) {  // the same rows of the next panel: a line of each
      for (int row = 0; row < WIDTH; row++) __builtin_prefetch(in + (row + PANEL) * stride + p, 0, 2);
    }
    vector v[4];
    for (int row = 0; row < 4; row++) {
      union {
        quad quads[WIDTH / 4];
        vector whole;
      } rows;
      for (int group = 0; group < WIDTH / 4; group++) {
        rows.quads[group] = load4(in + (4 * group + row) * stride + p);
      }
      v[row] = rows.whole;
    }
    transpose4(v);
    for (int q = 0; q < 4; q++) store(out + q * PANEL, v[q]);
  }
  for (; p < depth; p++, out += PANEL) {
    for (int64_t j = 0; j < WIDTH; j++) out[j] = in[j * stride + p];
  }
}

/// The same from the transpose of in[columns, depth].
static void pack_columns(float *restrict out, const float *restrict in, int64_t stride, int64_t depth,
                         int64_t columns) {
  if (columns >= WIDTH) {
    pack_column_vector(out, in, stride, depth);
    if (columns > WIDTH) pack_column_vector(out + WIDTH, in + (columns - WIDTH) * stride, stride, depth);
    return;
  }
  for (int64_t p = 0; p < depth; p++, out += PANEL) {
    vector v = 0;
    for (int64_t j = 0; j < columns; j++) v[j] = in[j * stride + p];
    store(out, v);
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
