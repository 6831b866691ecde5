/// Matrix products after Goto and van de Geijn ("Anatomy of high-performance matrix multiplication", 2008) and BLIS.
/// Which way a product takes depends on its whole size and its transposes only, never on the part asked for.

/// How many rows the next tile takes; small tiles, which cannot keep the processor busy, are avoided.
INLINE int64_t tile_rows(int64_t remaining) {
  static const uint8_t rows[12] = {0, 1, 2, 3, 4, 5, 6, 4, 4, 5, 5, 6};
  return remaining < 12 ? rows[remaining] : 6;
}

INLINE int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }
INLINE int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

/// How many columns the next panel takes: between one and two vectors where there are as many.
INLINE int64_t panel_columns(int64_t remaining) {
  if (remaining >= PANEL + WIDTH || remaining == PANEL) return PANEL;
  return remaining > PANEL ? (remaining + 1) / 2 : remaining;
}

/// Runs the program that stands behind a product over a part of C that is complete.
INLINE void finish(const descent_epilogue *epilogue, int64_t n, int64_t row, int64_t rows, int64_t column,
                   int64_t columns) {
  if (columns == n) {
    program_run(epilogue->program, epilogue->slots, epilogue->first + row * n, epilogue->first + (row + rows) * n,
                epilogue->scratch);
    return;
  }
  for (int64_t i = row; i < row + rows; i++) {
    const int64_t start = epilogue->first + i * n + column;
    program_run(epilogue->program, epilogue->slots, start, start + columns, epilogue->scratch);
  }
}

/// What the program behind a product reads beside C, element for element.
typedef struct read_ahead {
  int32_t count;
  const float *streams[6];
} read_ahead;

INLINE read_ahead streams_of(const descent_epilogue *epilogue, const float *c) {
  read_ahead ahead = {0};
  if (!epilogue) return ahead;
  for (int32_t i = 0; i < epilogue->program->operand_count && ahead.count < 6; i++) {
    const descent_operand *operand = &epilogue->program->operands[i];
    const float *memory = (const float *)epilogue->slots[operand->slot] + epilogue->first;
    if (operand->rank != 0 || operand->storage != DESCENT_FLOAT32 || memory == c) continue;
    ahead.streams[ahead.count++] = memory;
  }
  return ahead;
}

/// Brings what will be read beside a tile of C into the second-level cache, while the product is computed: these numbers
/// were last used a step ago, and come from far away.
INLINE void fetch(const read_ahead *ahead, int64_t start, int64_t n, int64_t rows) {
  for (int32_t i = 0; i < ahead->count; i++) {
    const float *memory = ahead->streams[i] + start;
    for (int64_t r = 0; r < rows; r++) __builtin_prefetch(memory + r * n, 0, 2);
  }
}

/// Adds a bias to a part of C.
static void add_bias(float *c, int64_t ldc, const float *bias, int64_t row_start, int64_t row_end, int64_t column_start,
                     int64_t column_end) {
  for (int64_t i = row_start; i < row_end; i++) {
    for (int64_t j = column_start; j < column_end; j++) c[i * ldc + j] += bias[j];
  }
}

static void sgemm(const descent_product *product, float alpha, const float *a, const float *b, float beta, float *c,
                  const float *bias, int64_t row_start, int64_t row_end, int64_t column_start, int64_t column_end,
                  float *scratch, const descent_epilogue *epilogue) {
  if (row_start >= row_end || column_start >= column_end) return;
  bool transposes_left = product->transposes_left;
  const bool transposes_right = product->transposes_right;
  const int64_t m = product->m, n = product->n, k = product->k, ldb = product->ldb, ldc = product->ldc;
  int64_t lda = product->lda;
  if (n == 1 && m > 1 && ldc == 1) {
    // A column is the transpose of a row.
    const descent_product row = {!transposes_right, !transposes_left, 1, m, k, ldb, lda, m};
    sgemm(&row, alpha, b, a, beta, c, 0, column_start, column_end, row_start, row_end, scratch, 0);
    if (bias) add_bias(c, 1, bias, row_start, row_end, 0, 1);
    if (epilogue) finish(epilogue, n, row_start, row_end - row_start, 0, 1);
    return;
  }
  if (m == 1 && transposes_left && lda == 1) {
    transposes_left = false;
    lda = k;
  }
  if (!transposes_left && transposes_right && 8 * smaller(m, n) <= k) {
    multiply_dots(k, alpha, a, lda, b, ldb, beta, c, ldc, row_start, row_end, column_start, column_end);
    if (bias) add_bias(c, ldc, bias, row_start, row_end, column_start, column_end);
    if (epilogue) finish(epilogue, n, row_start, row_end - row_start, column_start, column_end - column_start);
    return;
  }
  // Packing pays where what is packed is used often enough, and where it does not lie in the first-level cache anyway.
  const bool packs = k > 64 || m > 128;
  const bool packs_left = transposes_left && packs && m > 6 && n > 64;
  const bool packs_right = transposes_right || (packs && m > 30);
  float *packed_right = (float *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63);
  float *packed_left = packed_right + smaller(k, DESCENT_DEPTH) *
                                        ((smaller(column_end - column_start, DESCENT_COLUMNS) + PANEL - 1) / PANEL * PANEL);
  const int64_t limit = packs_right ? DESCENT_DEPTH : DESCENT_DEPTH / 2, parts = k <= limit ? 1 : (k + limit - 1) / limit;
  const int64_t whole_depth = parts > 1 ? ((k + parts - 1) / parts + 3) / 4 * 4 : k;
  int64_t block_rows = DESCENT_ROWS;
  if (epilogue && (row_end - row_start) * (column_end - column_start) > DESCENT_FINISHED) {
    // What the program behind the product reads and writes beside C shall stay in the second-level cache as well.
    block_rows = DESCENT_FINISHED / smaller(column_end - column_start, DESCENT_COLUMNS) / 12 * 12;
    block_rows = smaller(larger(block_rows, 12), DESCENT_ROWS);
  }
  const read_ahead ahead = streams_of(epilogue, c);

  for (int64_t column = column_start; column < column_end; column += DESCENT_COLUMNS) {
    const int64_t columns = smaller(column_end - column, DESCENT_COLUMNS);
    int64_t p = 0;
    do {
      const int64_t depth = smaller(k - p, whole_depth);
      const float *right = transposes_right ? b + column * ldb + p : b + p * ldb + column;
      if (packs_right) {
        float *out = packed_right;
        for (int64_t j = 0, width; j < columns; j += width, out += PANEL * depth) {
          width = panel_columns(columns - j);
          if (transposes_right) {
            pack_columns(out, right + j * ldb, ldb, depth, width);
          } else {
            pack_rows(out, right + j, ldb, depth, width);
          }
        }
      }
      for (int64_t row = row_start; row < row_end; row += block_rows) {
        const int64_t rows = smaller(row_end - row, block_rows);
        const float *left = transposes_left ? a + p * lda + row : a + row * lda + p;
        if (packs_left) {
          for (int64_t i = 0, height; i < rows; i += height) {
            height = tile_rows(rows - i);
            pack_slice(packed_left + i * depth, left + i, lda, depth, height);
          }
        }
        const float *packed_panel = packed_right;
        for (int64_t j = 0, width; j < columns; j += width) {
          width = panel_columns(columns - j);
          const float *panel = right + j;
          tile_layout layout = {.a_row = lda, .a_depth = lda, .b_depth = ldb, .c_row = ldc, .alpha = alpha};
          layout.b_last = layout.c_last = width > WIDTH ? width - WIDTH : 0;
          if (bias && p + whole_depth >= k) layout.bias = bias + column + j;
          bool wide = false;
          if (packs_right || width < WIDTH) {
            if (width < WIDTH) layout.part = width;
            if (!packs_right) pack_rows(packed_right, panel, ldb, depth, width);
            panel = packed_panel;
            packed_panel += PANEL * depth;
            layout.b_depth = PANEL;
            layout.b_last = width > WIDTH ? WIDTH : 0;
          } else if (rows <= 3 && columns - j >= wide_vectors[rows - 1] * WIDTH) {
            wide = true;
            width = wide_vectors[rows - 1] * WIDTH;
            layout.b_last = layout.c_last = width - WIDTH;
          }
          for (int64_t i = 0, height; i < rows; i += height) {
            height = tile_rows(rows - i);
            const float *slice = transposes_left ? left + i : left + i * lda;
            if (packs_left) {
              slice = packed_left + i * depth;
              layout.a_depth = height;
            }
            if (p + whole_depth >= k) fetch(&ahead, (row + i) * n + column + j, n, height);
            tile_function *function =
              wide ? wide_tiles[transposes_left][height - 1] : tiles[transposes_left][width > WIDTH][height - 1];
            function(&layout, depth, slice, panel, c + (row + i) * ldc + column + j, p == 0 ? beta : 1.0f);
          }
        }
        if (epilogue && p + whole_depth >= k) finish(epilogue, n, row, rows, column, columns);
      }
      p += whole_depth;
    } while (p < k);
  }
}
