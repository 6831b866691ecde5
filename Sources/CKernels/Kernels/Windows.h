/// Windows over up to three spatial axes: copied out, added back, and their greatest elements.

/// The windows o, first ..< last, whose element at an offset lies in 0 ..< extent: 0 <= o · stride + offset < extent.
typedef struct window_range {
  int64_t first, last;
} window_range;

INLINE window_range windows_inside(int64_t offset, int64_t stride, int64_t extent, int64_t count) {
  int64_t first = offset < 0 ? (-offset + stride - 1) / stride : 0;
  int64_t last = extent > offset ? (extent - offset + stride - 1) / stride : 0;
  first = first < count ? first : count;
  last = last < count ? last : count;
  return (window_range){first, last > first ? last : first};
}

/// Calls `row(from, to)` for each row of windows and place in the kernel: `from` is the row of the input, null where it
/// lies outside, and `to` the row of windows. Reads `w`, `plane` and `columns`, and defines `inside` and `offset`.
#define FOR_EACH_WINDOW_ROW(plane, columns, row)                                                                      \
  for (int64_t k0 = 0; k0 < w->kernel[0]; k0++)                                                                       \
    for (int64_t k1 = 0; k1 < w->kernel[1]; k1++)                                                                     \
      for (int64_t k2 = 0; k2 < w->kernel[2]; k2++) {                                                                 \
        const int64_t offset = k2 * w->dilation[2] - w->low[2], step = w->stride[2], count = w->counts[2];            \
        const window_range inside = windows_inside(offset, step, w->extents[2], count);                               \
        for (int64_t o0 = 0; o0 < w->counts[0]; o0++) {                                                               \
          const int64_t z = o0 * w->stride[0] + k0 * w->dilation[0] - w->low[0];                                      \
          for (int64_t o1 = 0; o1 < w->counts[1]; o1++, columns += count) {                                           \
            const int64_t y = o1 * w->stride[1] + k1 * w->dilation[1] - w->low[1];                                    \
            const bool is_inside = z >= 0 && z < w->extents[0] && y >= 0 && y < w->extents[1];                        \
            row(is_inside ? plane + (z * w->extents[1] + y) * w->extents[2] : 0, columns);                            \
          }                                                                                                           \
        }                                                                                                             \
      }

/// Copies a row whose length the compiler does not know, of a few numbers mostly: a call costs as much as that.
INLINE void copy_row(float *restrict to, const float *restrict from, int64_t count) {
  if (count < WIDTH) {
    for (int64_t i = 0; i < count; i++) to[i] = from[i];
    return;
  }
  // the last vector overlaps the one before it
  for (int64_t i = 0; i < count - WIDTH; i += WIDTH) store(to + i, load(from + i));
  store(to + count - WIDTH, load(from + count - WIDTH));
}

INLINE void copy_halves(uint16_t *restrict to, const uint16_t *restrict from, int64_t count) {
  if (count > 0) memcpy(to, from, (size_t)count * sizeof(to[0]));
}

INLINE void add_row(float *restrict to, const float *restrict from, int64_t count) {
  int64_t i = 0;
  for (; i + WIDTH <= count; i += WIDTH) store(to + i, load(to + i) + load(from + i));
  for (; i + 4 <= count; i += 4) store4(to + i, load4(to + i) + load4(from + i));
  for (; i < count; i++) to[i] += from[i];
}

#define COPY_ROW(row, to)                                                                                             \
  {                                                                                                                   \
    const __auto_type from = (row);                                                                                   \
    const int64_t first = from ? inside.first : count, last = from ? inside.last : count;                             \
    for (int64_t o = 0; o < first; o++) to[o] = 0;                                                                    \
    if (step == 1) {                                                                                                  \
      _Generic(*(to), float: copy_row, default: copy_halves)(to + first, from + first + offset, last - first);          \
    } else {                                                                                                          \
      for (int64_t o = first; o < last; o++) to[o] = from[o * step + offset];                                         \
    }                                                                                                                 \
    for (int64_t o = last; o < count; o++) to[o] = 0;                                                                 \
  }

#define DEFINE_UNFOLD(name, element)                                                                                  \
  static void name(const descent_windows *w, const element *in, element *out, int64_t start, int64_t end) {           \
    const int64_t extent = w->extents[0] * w->extents[1] * w->extents[2];                                             \
    const int64_t columns = w->kernel[0] * w->kernel[1] * w->kernel[2] * w->counts[0] * w->counts[1] * w->counts[2];  \
    for (int64_t p = start; p < end; p++) {                                                                           \
      const element *plane = in + p * extent;                                                                         \
      element *to = out + p * columns;                                                                                \
      FOR_EACH_WINDOW_ROW(plane, to, COPY_ROW)                                                                        \
    }                                                                                                                 \
  }
DEFINE_UNFOLD(unfold, float)
DEFINE_UNFOLD(unfold_halves, uint16_t)

static void fold(const descent_windows *w, const float *in, float *out, int64_t start, int64_t end) {
  const int64_t extent = w->extents[0] * w->extents[1] * w->extents[2];
  const int64_t columns = w->kernel[0] * w->kernel[1] * w->kernel[2] * w->counts[0] * w->counts[1] * w->counts[2];
  for (int64_t p = start; p < end; p++) {
    float *plane = out + p * extent;
    const float *from = in + p * columns;
    memset(plane, 0, (size_t)extent * sizeof(float));
#define ADD_ROW(row, from)                                                                                            \
  {                                                                                                                   \
    float *to = (row);                                                                                                \
    if (to && step == 1) {                                                                                            \
      add_row(to + offset + inside.first, from + inside.first, inside.last - inside.first);                           \
    } else if (to) {                                                                                                  \
      for (int64_t o = inside.first; o < inside.last; o++) to[o * step + offset] += from[o];                          \
    }                                                                                                                 \
  }
    FOR_EACH_WINDOW_ROW(plane, from, ADD_ROW)
  }
}

/// Whether windows are the 2×2 parts that divide a plane, the usual ones, in front of which lie no others.
static bool are_pairs(const descent_bounds *b) {
  if (b->counts[0] != 1 || b->extents[0] != 1) return false;
  for (int axis = 1; axis < 3; axis++) {
    if (b->steps[axis] != 1) return false;
    for (int64_t o = 0; o < b->counts[axis]; o++) {
      if (b->starts[axis][o] != 2 * o || b->ends[axis][o] != 2 * o + 2) return false;
    }
  }
  return true;
}

/// The greatest of pairs of two rows, whose first place is `place`: without a branch, so that vectors do it.
INLINE void greatest_of_pairs(const float *restrict upper, const float *restrict lower, int32_t place, int32_t width,
                              int64_t *restrict out, int64_t count) {
  for (int64_t o = 0; o < count; o++) {
    const float values[4] = {upper[2 * o], upper[2 * o + 1], lower[2 * o], lower[2 * o + 1]};
    const int32_t places[4] = {0, 1, width, width + 1};
    float top = values[0];
    int32_t best = 0;
    _Pragma("unroll") for (int i = 1; i < 4; i++) {
      const bool is_greater = (values[i] > top) | ((values[i] != values[i]) & (top == top));
      top = is_greater ? values[i] : top;
      best = is_greater ? places[i] : best;
    }
    out[o] = place + 2 * (int32_t)o + best;
  }
}

static void greatest_places(const descent_bounds *b, const float *in, int64_t *out, int64_t start, int64_t end) {
  const int64_t extent = b->extents[0] * b->extents[1] * b->extents[2];
  int64_t *to = out + start * b->counts[0] * b->counts[1] * b->counts[2];
  if (extent <= INT32_MAX && are_pairs(b)) {
    const int64_t width = b->extents[2], rows = b->counts[1], count = b->counts[2];
    for (int64_t p = start; p < end; p++) {
      for (int64_t y = 0; y < rows; y++, to += count) {
        const float *upper = in + p * extent + 2 * y * width;
        greatest_of_pairs(upper, upper + width, (int32_t)(2 * y * width), (int32_t)width, to, count);
      }
    }
    return;
  }
  for (int64_t p = start; p < end; p++) {
    const float *plane = in + p * extent;
    for (int64_t o0 = 0; o0 < b->counts[0]; o0++)
      for (int64_t o1 = 0; o1 < b->counts[1]; o1++)
        for (int64_t o2 = 0; o2 < b->counts[2]; o2++) {
          const int64_t first = b->starts[2][o2], last = b->ends[2][o2], step = b->steps[2];
          int64_t best = -1;
          float top = 0;
          for (int64_t z = b->starts[0][o0]; z < b->ends[0][o0]; z += b->steps[0])
            for (int64_t y = b->starts[1][o1]; y < b->ends[1][o1]; y += b->steps[1]) {
              const int64_t row = (z * b->extents[1] + y) * b->extents[2];
              for (int64_t x = first; x < last; x += step) {
                const float value = plane[row + x];
                // the first of equals; NaN is greater than any number
                if (best < 0 || value > top || (value != value && top == top)) {
                  best = row + x;
                  top = value;
                }
              }
            }
          *to++ = best;
        }
  }
}

#define DEFINE_GATHER_PLACES(name, element)                                                                           \
  static int64_t name(const element *in, const int64_t *places, element *out, int64_t extent, int64_t count,          \
                      int64_t start, int64_t end) {                                                                   \
    for (int64_t r = start; r < end; r++) {                                                                           \
      const element *from = in + r * extent;                                                                          \
      for (int64_t i = r * count; i < (r + 1) * count; i++) {                                                         \
        if ((uint64_t)places[i] >= (uint64_t)extent) return i;                                                        \
        out[i] = from[places[i]];                                                                                     \
      }                                                                                                               \
    }                                                                                                                 \
    return -1;                                                                                                        \
  }
DEFINE_GATHER_PLACES(gather_places, float)
DEFINE_GATHER_PLACES(gather_halves, uint16_t)

static int64_t scatter_places(const float *in, const int64_t *places, float *out, int64_t extent, int64_t count,
                              int64_t start, int64_t end) {
  for (int64_t r = start; r < end; r++) {
    float *to = out + r * extent;
    memset(to, 0, (size_t)extent * sizeof(float));
    for (int64_t i = r * count; i < (r + 1) * count; i++) {
      if ((uint64_t)places[i] >= (uint64_t)extent) return i;
      to[places[i]] += in[i];
    }
  }
  return -1;
}
