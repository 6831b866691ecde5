/// Softmax and its logarithm along rows. The largest element of a row is subtracted first, so that no exponential
/// overflows. A NaN anywhere in a row makes its sum NaN, and so the whole row.

/// What a row's exponentials sum to; they are kept in `out` where it is not null.
INLINE float exponentials(const float *in, float *out, int64_t count, float maximum) {
  vector sum = 0;
  int64_t i = 0;
  for (; i + WIDTH <= count; i += WIDTH) {
    vector e = vector_exp(load(in + i) - maximum);
    if (out) store(out + i, e);
    sum += e;
  }
  if (i < count) {
    vector e = vector_exp(load_part_or(in + i, count - i, -INFINITY) - maximum);
    if (out) store_part(out + i, e, count - i);
    sum += e;
  }
  return add_across(sum);
}

INLINE float largest_of_row(const float *x, int64_t count) {
  vector largest = -INFINITY;
  int64_t i = 0;
  for (; i + WIDTH <= count; i += WIDTH) {
    vector v = load(x + i);
    largest = v > largest ? v : largest;
  }
  if (i < count) {
    vector v = load_part_or(x + i, count - i, -INFINITY);
    largest = v > largest ? v : largest;
  }
  return maximum_across(largest);
}

static void softmax_row(bool logarithm, const float *x, float *y, int64_t count) {
  float maximum = largest_of_row(x, count);
  int64_t i = 0;
  if (logarithm) {
    vector sum = exponentials(x, 0, count, maximum), log_sum = vector_log(sum);
    for (; i + WIDTH <= count; i += WIDTH) store(y + i, (load(x + i) - maximum) - log_sum);
    if (i < count) store_part(y + i, (load_part(x + i, count - i) - maximum) - log_sum, count - i);
  } else {
    float scale = 1.0f / exponentials(x, y, count, maximum);
    for (; i + WIDTH <= count; i += WIDTH) store(y + i, load(y + i) * scale);
    if (i < count) store_part(y + i, load_part(y + i, count - i) * scale, count - i);
  }
}

enum { SOFTMAX_BLOCK = 512, SHORT_ROW = 64 };

/// Rows too short for whole vectors: the exponentials of several are computed together. `count` is at most SHORT_ROW.
static void softmax_short_rows(bool logarithm, const float *x, float *y, int64_t count, int64_t rows) {
  float shifted[SOFTMAX_BLOCK + WIDTH], scales[SOFTMAX_BLOCK + WIDTH];
  for (int64_t r = 0; r < rows; r++) {
    float maximum = largest_of_row(x + r * count, count);
    for (int64_t i = 0; i < count; i += WIDTH) {  // what is written past a row's end, the next row overwrites
      vector v = i + WIDTH <= count ? load(x + r * count + i) : load_part(x + r * count + i, count - i);
      store(shifted + r * count + i, v - maximum);
    }
  }
  store(scales + rows / WIDTH * WIDTH, 1.0f);
  float exponential[SOFTMAX_BLOCK + WIDTH];
  for (int64_t i = 0; i < rows * count; i += WIDTH) store(exponential + i, vector_exp(load(shifted + i)));
  for (int64_t r = 0; r < rows; r++) {
    vector sum = 0;
    int64_t i = 0;
    for (; i + WIDTH <= count; i += WIDTH) sum += load(exponential + r * count + i);
    if (i < count) sum += load_part(exponential + r * count + i, count - i);
    scales[r] = add_across(sum);
  }
  for (int64_t r = 0; r < rows; r += WIDTH) {
    vector sums = load(scales + r);
    store(scales + r, logarithm ? vector_log(sums) : 1.0f / sums);
  }
  for (int64_t r = 0; r < rows; r++, y += count) {
    const float *from = (logarithm ? shifted : exponential) + r * count;
    int64_t i = 0;
    for (; i < count; i += WIDTH) {
      vector v = load(from + i);
      v = logarithm ? v - scales[r] : v * scales[r];
      if (i + WIDTH <= count) {
        store(y + i, v);
      } else {
        store_part(y + i, v, count - i);
      }
    }
  }
}

static void softmax(bool logarithm, const float *in, float *out, int64_t count, int64_t start, int64_t end) {
  if (count <= 0) return;
  if (count > SHORT_ROW) {
    for (int64_t row = start; row < end; row++) softmax_row(logarithm, in + row * count, out + row * count, count);
    return;
  }
  for (int64_t row = start, rows; row < end; row += rows) {
    rows = SOFTMAX_BLOCK / count < end - row ? SOFTMAX_BLOCK / count : end - row;
    if (logarithm) {
      softmax_short_rows(true, in + row * count, out + row * count, count, rows);
    } else {
      softmax_short_rows(false, in + row * count, out + row * count, count, rows);
    }
  }
}
