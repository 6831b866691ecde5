/// Products of a few rows by a few columns, whose sums stay in registers.

/// Where the operands of a tile lie: a[row · a_row + p · a_depth], b[p · b_depth + column], c[row · c_row + column].
typedef struct tile_layout {
  int64_t a_row, a_depth, b_depth, c_row;
  float alpha;
} tile_layout;

/// C = alpha · A · B + beta · C for `columns` columns; the rows are the function's own.
typedef void tile_function(const tile_layout *layout, int64_t depth, const float *a, const float *b, float *c,
                           float beta, int64_t columns);

INLINE vector updated(vector sum, float alpha, float beta, vector c) {
  return multiply_add(sum, (vector)alpha, beta * c);
}

INLINE void tile(const int rows, const int vectors, const int64_t a_row, const int64_t a_depth,
                 const tile_layout *layout, int64_t depth, const float *a, const float *b, float *c, float beta,
                 int64_t columns) {
  const int64_t b_depth = layout->b_depth, c_row = layout->c_row;
  vector sum[6][8];
  _Pragma("unroll") for (int r = 0; r < rows; r++) {
    _Pragma("unroll") for (int v = 0; v < vectors; v++) sum[r][v] = 0;
  }
  for (int64_t p = 0; p < depth; p++) {
    vector right[8];
    _Pragma("unroll") for (int v = 0; v < vectors; v++) right[v] = load(b + v * WIDTH);
    _Pragma("unroll") for (int r = 0; r < rows; r++) {
      vector left = a[r * a_row];
      _Pragma("unroll") for (int v = 0; v < vectors; v++) sum[r][v] = multiply_add(left, right[v], sum[r][v]);
    }
    a += a_depth;
    b += b_depth;
  }
  const float alpha = layout->alpha;
  _Pragma("unroll") for (int r = 0; r < rows; r++) {
    _Pragma("unroll") for (int v = 0; v < vectors; v++) {
      float *out = c + r * c_row + v * WIDTH;
      int64_t part = columns - v * WIDTH;
      if (part >= WIDTH) {
        store(out, beta == 0.0f ? sum[r][v] * alpha : updated(sum[r][v], alpha, beta, load(out)));
      } else if (part > 0) {
        vector whole = beta == 0.0f ? sum[r][v] * alpha : updated(sum[r][v], alpha, beta, load_part(out, part));
        store_part(out, whole, part);
      }
    }
  }
}

/// Across: A's rows are contiguous along the depth. Down: its columns are contiguous along the rows.
#define TILE(rows, vectors)                                                                                         \
  static void tile_across_##rows##x##vectors(const tile_layout *layout, int64_t depth, const float *a,              \
                                             const float *b, float *c, float beta, int64_t columns) {               \
    tile(rows, vectors, layout->a_row, 1, layout, depth, a, b, c, beta, columns);                                   \
  }                                                                                                                 \
  static void tile_down_##rows##x##vectors(const tile_layout *layout, int64_t depth, const float *a,                \
                                           const float *b, float *c, float beta, int64_t columns) {                 \
    tile(rows, vectors, 1, layout->a_depth, layout, depth, a, b, c, beta, columns);                                 \
  }

TILE(1, 1) TILE(2, 1) TILE(3, 1) TILE(4, 1) TILE(5, 1) TILE(6, 1)
TILE(1, 2) TILE(2, 2) TILE(3, 2) TILE(4, 2) TILE(5, 2) TILE(6, 2)
TILE(1, 8) TILE(2, 4) TILE(3, 4)

/// By whether A is contiguous along the rows, by vectors (1 or 2), by rows (1 to 6).
static tile_function *const tiles[2][2][6] = {
  {{tile_across_1x1, tile_across_2x1, tile_across_3x1, tile_across_4x1, tile_across_5x1, tile_across_6x1},
   {tile_across_1x2, tile_across_2x2, tile_across_3x2, tile_across_4x2, tile_across_5x2, tile_across_6x2}},
  {{tile_down_1x1, tile_down_2x1, tile_down_3x1, tile_down_4x1, tile_down_5x1, tile_down_6x1},
   {tile_down_1x2, tile_down_2x2, tile_down_3x2, tile_down_4x2, tile_down_5x2, tile_down_6x2}},
};

/// Tiles of few rows and many columns, for a B that is read where it lies; by rows (1 to 3).
static tile_function *const wide_tiles[2][3] = {
  {tile_across_1x8, tile_across_2x4, tile_across_3x4},
  {tile_down_1x8, tile_down_2x4, tile_down_3x4},
};
static const int wide_vectors[3] = {8, 4, 4};

// MARK: Scalar products

/// a[rows, k] by the transpose of b[columns, k], both contiguous along k: WIDTH partial sums for each element.
INLINE void dots(const int rows, const int columns, int64_t k, float alpha, const float *a, int64_t lda,
                 const float *b, int64_t ldb, float beta, float *c, int64_t ldc) {
  vector sum[3][4];
  _Pragma("unroll") for (int r = 0; r < rows; r++) {
    _Pragma("unroll") for (int j = 0; j < 4; j++) sum[r][j] = 0;
  }
  int64_t p = 0;
  for (; p + WIDTH <= k; p += WIDTH) {
    vector left[3];
    _Pragma("unroll") for (int r = 0; r < rows; r++) left[r] = load(a + r * lda + p);
    _Pragma("unroll") for (int j = 0; j < columns; j++) {
      vector right = load(b + j * ldb + p);
      _Pragma("unroll") for (int r = 0; r < rows; r++) sum[r][j] = multiply_add(left[r], right, sum[r][j]);
    }
  }
  if (p < k) {
    vector left[3];
    _Pragma("unroll") for (int r = 0; r < rows; r++) left[r] = load_part(a + r * lda + p, k - p);
    _Pragma("unroll") for (int j = 0; j < columns; j++) {
      vector right = load_part(b + j * ldb + p, k - p);
      _Pragma("unroll") for (int r = 0; r < rows; r++) sum[r][j] = multiply_add(left[r], right, sum[r][j]);
    }
  }
  _Pragma("unroll") for (int r = 0; r < rows; r++) {
    transpose4(sum[r]);
    quad total = COMBINE_TO_QUAD(PLUS, (sum[r][0] + sum[r][1]) + (sum[r][2] + sum[r][3])) * alpha;
    float *out = c + r * ldc;
    if (beta != 0.0f) total += beta * (columns == 4 ? load4(out) : load_part4(out, columns, 0));
    if (columns == 4) {
      store4(out, total);
    } else {
      store_part4(out, total, columns);
    }
  }
}

typedef void dots_function(int64_t k, float alpha, const float *a, int64_t lda, const float *b, int64_t ldb,
                           float beta, float *c, int64_t ldc);

#define DOTS(rows, columns)                                                                                         \
  static void dots_##rows##x##columns(int64_t k, float alpha, const float *a, int64_t lda, const float *b,          \
                                      int64_t ldb, float beta, float *c, int64_t ldc) {                             \
    dots(rows, columns, k, alpha, a, lda, b, ldb, beta, c, ldc);                                                    \
  }

DOTS(1, 1) DOTS(1, 2) DOTS(1, 3) DOTS(1, 4)
DOTS(2, 1) DOTS(2, 2) DOTS(2, 3) DOTS(2, 4)
DOTS(3, 1) DOTS(3, 2) DOTS(3, 3) DOTS(3, 4)

static dots_function *const dots_functions[3][4] = {
  {dots_1x1, dots_1x2, dots_1x3, dots_1x4},
  {dots_2x1, dots_2x2, dots_2x3, dots_2x4},
  {dots_3x1, dots_3x2, dots_3x3, dots_3x4},
};
