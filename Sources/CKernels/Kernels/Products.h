/// Matrix products after Goto and van de Geijn ("Anatomy of high-performance matrix multiplication", 2008) and BLIS.
/// Which way a product takes depends on its whole size and its transposes only, never on the part asked for.

/// How many rows the next tile takes; small tiles, which cannot keep the processor busy, are avoided.
INLINE int64_t tile_rows(int64_t remaining) {
  static const uint8_t rows[12] = {0, 1, 2, 3, 4, 5, 6, 4, 4, 5, 5, 6};
  return remaining < 12 ? rows[remaining] : 6;
}

INLINE int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

/// Both operands are contiguous along k.
static void multiply_dots(int64_t k, float alpha, const float *a, int64_t lda, const float *b, int64_t ldb, float beta,
                          float *c, int64_t ldc, int64_t row_start, int64_t row_end, int64_t column_start,
                          int64_t column_end) {
  for (int64_t j = column_start; j < column_end;) {
    int64_t columns = smaller(column_end - j, 4);
    for (int64_t i = row_start; i < row_end;) {
      int64_t left = row_end - i, rows = left == 4 ? 2 : smaller(left, 3);
      dots_functions[rows - 1][columns - 1](k, alpha, a + i * lda, lda, b + j * ldb, ldb, beta, c + i * ldc + j, ldc);
      i += rows;
    }
    j += columns;
  }
}

static void sgemm(bool transposes_left, bool transposes_right, int64_t m, int64_t n, int64_t k, float alpha,
                  const float *a, int64_t lda, const float *b, int64_t ldb, float beta, float *c, int64_t ldc,
                  int64_t row_start, int64_t row_end, int64_t column_start, int64_t column_end, float *scratch) {
  if (row_start >= row_end) return;
  if (!transposes_left && transposes_right && (m <= 16 || n <= 16)) {
    multiply_dots(k, alpha, a, lda, b, ldb, beta, c, ldc, row_start, row_end, column_start, column_end);
    return;
  }
  const bool packs_left = transposes_left && n > 64, packs_right = transposes_right || m > 24;
  float *packed_right = (float *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63);
  float *packed_left = packed_right + smaller(k, DESCENT_DEPTH) *
                                        ((smaller(n, DESCENT_COLUMNS) + PANEL - 1) / PANEL * PANEL);
  const int64_t parts = (k + DESCENT_DEPTH - 1) / DESCENT_DEPTH;
  const int64_t whole_depth = parts > 1 ? ((k + parts - 1) / parts + 3) / 4 * 4 : k;

  for (int64_t column = column_start; column < column_end; column += DESCENT_COLUMNS) {
    const int64_t columns = smaller(column_end - column, DESCENT_COLUMNS);
    int64_t p = 0;
    do {
      const int64_t depth = smaller(k - p, whole_depth);
      const float *right = transposes_right ? b + column * ldb + p : b + p * ldb + column;
      if (packs_right) {
        for (int64_t j = 0; j < columns; j += PANEL) {
          int64_t width = smaller(columns - j, PANEL);
          if (transposes_right) {
            pack_columns(packed_right + j * depth, right + j * ldb, ldb, depth, width);
          } else {
            pack_rows(packed_right + j * depth, right + j, ldb, depth, width);
          }
        }
      }
      for (int64_t row = row_start; row < row_end; row += DESCENT_ROWS) {
        const int64_t rows = smaller(row_end - row, DESCENT_ROWS);
        const float *left = transposes_left ? a + p * lda + row : a + row * lda + p;
        if (packs_left) {
          for (int64_t i = 0, height; i < rows; i += height) {
            height = tile_rows(rows - i);
            pack_slice(packed_left + i * depth, left + i, lda, depth, height);
          }
        }
        for (int64_t j = 0, width; j < columns; j += width) {
          width = smaller(columns - j, PANEL);
          const float *panel = right + j;
          tile_layout layout = {.a_row = lda, .a_depth = lda, .b_depth = ldb, .c_row = ldc, .alpha = alpha};
          bool wide = false;
          if (packs_right) {
            panel = packed_right + j * depth;
            layout.b_depth = PANEL;
          } else if (width < PANEL && width != WIDTH) {
            pack_rows(packed_right, panel, ldb, depth, width);
            panel = packed_right;
            layout.b_depth = PANEL;
          } else if (rows <= 3 && columns - j >= wide_vectors[rows - 1] * WIDTH) {
            wide = true;
            width = wide_vectors[rows - 1] * WIDTH;
          }
          for (int64_t i = 0, height; i < rows; i += height) {
            height = tile_rows(rows - i);
            const float *slice = transposes_left ? left + i : left + i * lda;
            if (packs_left) {
              slice = packed_left + i * depth;
              layout.a_depth = height;
            }
            tile_function *function =
              wide ? wide_tiles[transposes_left][height - 1] : tiles[transposes_left][width > WIDTH][height - 1];
            function(&layout, depth, slice, panel, c + (row + i) * ldc + column + j, p == 0 ? beta : 1.0f, width);
          }
        }
      }
      p += whole_depth;
    } while (p < k);
  }
}
