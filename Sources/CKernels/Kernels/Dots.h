/// Products of operands that are both contiguous along k, as scalar products of a few rows at a time. Each has WIDTH
/// partial sums.

/// Zeros, then ones: the last floats of a vector stay where they are masked from the middle on.
static const int32_t last_lanes[2 * WIDTH] = {[WIDTH ... 2 * WIDTH - 1] = -1};

INLINE vector keep(vector v, ints mask) { return float_bits(int_bits(v) & mask); }

INLINE void dots(const int rows, const int columns, int64_t k, float alpha, const float *a, int64_t lda,
                 const float *b, int64_t ldb, float beta, float *c, int64_t ldc) {
  vector sum[3][8], left[3];
  _Pragma("unroll") for (int r = 0; r < rows; r++) {
    _Pragma("unroll") for (int j = 0; j < 8; j++) sum[r][j] = 0;
  }
  int64_t p = 0;
  for (; p + WIDTH <= k; p += WIDTH) {
    _Pragma("unroll") for (int r = 0; r < rows; r++) left[r] = load(a + r * lda + p);
    _Pragma("unroll") for (int j = 0; j < columns; j++) {
      vector right = load(b + j * ldb + p);
      _Pragma("unroll") for (int r = 0; r < rows; r++) sum[r][j] = multiply_add(left[r], right, sum[r][j]);
    }
  }
  if (p < k && k < WIDTH) {
    _Pragma("unroll") for (int r = 0; r < rows; r++) left[r] = load_part(a + r * lda, k);
    _Pragma("unroll") for (int j = 0; j < columns; j++) {
      vector right = load_part(b + j * ldb, k);
      _Pragma("unroll") for (int r = 0; r < rows; r++) sum[r][j] = multiply_add(left[r], right, sum[r][j]);
    }
  } else if (p < k) {
    ints mask;
    memcpy(&mask, last_lanes + (k - p), sizeof(mask));
    _Pragma("unroll") for (int r = 0; r < rows; r++) left[r] = keep(load(a + r * lda + k - WIDTH), mask);
    _Pragma("unroll") for (int j = 0; j < columns; j++) {
      vector right = keep(load(b + j * ldb + k - WIDTH), mask);
      _Pragma("unroll") for (int r = 0; r < rows; r++) sum[r][j] = multiply_add(left[r], right, sum[r][j]);
    }
  }
  _Pragma("unroll") for (int r = 0; r < rows; r++) {
    _Pragma("unroll") for (int j = 0; j < columns; j += 4) {
      transpose4(sum[r] + j);
      vector total = (sum[r][j] + sum[r][j + 1]) + (sum[r][j + 2] + sum[r][j + 3]);
      quad y = COMBINE_TO_QUAD(PLUS, total) * alpha;
      float *out = c + r * ldc + j;
      if (columns - j >= 4) {
        if (beta != 0.0f) y += beta * load4(out);
        store4(out, y);
      } else {
        if (beta != 0.0f) y += beta * load_part4(out, columns - j, 0);
        store_part4(out, y, columns - j);
      }
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

DOTS(1, 1) DOTS(1, 2) DOTS(1, 3) DOTS(1, 4) DOTS(1, 8)
DOTS(2, 1) DOTS(2, 2) DOTS(2, 3) DOTS(2, 4)
DOTS(3, 1) DOTS(3, 2) DOTS(3, 3) DOTS(3, 4)

static dots_function *const dots_functions[3][4] = {
  {dots_1x1, dots_1x2, dots_1x3, dots_1x4},
  {dots_2x1, dots_2x2, dots_2x3, dots_2x4},
  {dots_3x1, dots_3x2, dots_3x3, dots_3x4},
};

static void multiply_dots(int64_t k, float alpha, const float *a, int64_t lda, const float *b, int64_t ldb, float beta,
                          float *c, int64_t ldc, int64_t row_start, int64_t row_end, int64_t column_start,
                          int64_t column_end) {
  int64_t j = column_start;
  if (row_end - row_start == 1) {
    for (; j + 8 <= column_end; j += 8) {
      dots_1x8(k, alpha, a + row_start * lda, lda, b + j * ldb, ldb, beta, c + row_start * ldc + j, ldc);
    }
  }
  for (int64_t columns; j < column_end; j += columns) {
    columns = column_end - j < 4 ? column_end - j : 4;
    for (int64_t i = row_start, rows; i < row_end; i += rows) {
      int64_t remaining = row_end - i;
      rows = remaining == 4 ? 2 : remaining < 3 ? remaining : 3;
      dots_functions[rows - 1][columns - 1](k, alpha, a + i * lda, lda, b + j * ldb, ldb, beta, c + i * ldc + j, ldc);
    }
  }
}
