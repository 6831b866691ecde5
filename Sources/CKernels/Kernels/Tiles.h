/// Products of a few rows by a few columns, whose sums stay in registers.

/// Where the operands of a tile lie: a[row · a_row + p · a_depth], b[p · b_depth + column], c[row · c_row + column].
/// The last vector of columns starts at column b_last of B and c_last of C, and may overlap the one before it. Where a
/// tile is narrower than a vector, `part` is how many columns it has, otherwise 0.
typedef struct tile_layout {
  int64_t a_row, a_depth, b_depth, b_last, c_row, c_last, part;
  float alpha;
  const float *bias;  // of the tile's first column on; may be null
} tile_layout;

/// C = alpha · A · B + beta · C + bias; the size is the function's own.
typedef void tile_function(const tile_layout *layout, int64_t depth, const float *a, const float *b, float *c,
                           float beta);

INLINE void tile(const int rows, const int vectors, const int64_t a_row, const int64_t a_depth,
                 const tile_layout *layout, int64_t depth, const float *a, const float *b, float *c, float beta) {
  const int64_t b_depth = layout->b_depth;
  const float *b_last = b + layout->b_last;
  vector sum[6][8];
  _Pragma("unroll") for (int r = 0; r < rows; r++) {
    _Pragma("unroll") for (int v = 0; v < vectors; v++) sum[r][v] = 0;
  }
  for (int64_t p = 0; p < depth; p++) {
    vector right[8];
    _Pragma("unroll") for (int v = 0; v < vectors - 1; v++) right[v] = load(b + v * WIDTH);
    right[vectors - 1] = load(b_last);
    _Pragma("unroll") for (int r = 0; r < rows; r++) {
      vector left = a[r * a_row];
      _Pragma("unroll") for (int v = 0; v < vectors; v++) sum[r][v] = multiply_add(left, right[v], sum[r][v]);
    }
    a += a_depth;
    b += b_depth;
    b_last += b_depth;
  }
  const float alpha = layout->alpha;
  const int64_t c_row = layout->c_row, c_last = layout->c_last;
  if (vectors == 1 && layout->part) {
    _Pragma("unroll") for (int r = 0; r < rows; r++) {
      float *out = c + r * c_row;
      vector y = sum[r][0] * alpha;
      if (beta != 0.0f) y = multiply_add(load_part(out, layout->part), (vector)beta, y);
      if (layout->bias) y += load_part(layout->bias, layout->part);
      store_part(out, y, layout->part);
    }
    return;
  }
  _Pragma("unroll") for (int r = 0; r < rows; r++) {
    float *out = c + r * c_row;
    vector y[8];
    _Pragma("unroll") for (int v = 0; v < vectors; v++) y[v] = sum[r][v] * alpha;
    if (beta != 0.0f) {
      _Pragma("unroll") for (int v = 0; v < vectors; v++) {
        y[v] = multiply_add(load(out + (v < vectors - 1 ? v * WIDTH : c_last)), (vector)beta, y[v]);
      }
    }
    if (layout->bias) {
      _Pragma("unroll") for (int v = 0; v < vectors; v++) {
        y[v] += load(layout->bias + (v < vectors - 1 ? v * WIDTH : c_last));
      }
    }
    _Pragma("unroll") for (int v = 0; v < vectors; v++) store(out + (v < vectors - 1 ? v * WIDTH : c_last), y[v]);
  }
}

/// Across: A's rows are contiguous along the depth. Down: its columns are contiguous along the rows.
#define TILE(rows, vectors)                                                                                         \
  static void tile_across_##rows##x##vectors(const tile_layout *layout, int64_t depth, const float *a,              \
                                             const float *b, float *c, float beta) {                                \
    tile(rows, vectors, layout->a_row, 1, layout, depth, a, b, c, beta);                                            \
  }                                                                                                                 \
  static void tile_down_##rows##x##vectors(const tile_layout *layout, int64_t depth, const float *a,                \
                                           const float *b, float *c, float beta) {                                  \
    tile(rows, vectors, 1, layout->a_depth, layout, depth, a, b, c, beta);                                          \
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
