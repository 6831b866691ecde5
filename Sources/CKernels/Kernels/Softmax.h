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

/// The logits of rows less their row's largest one, the exponentials of these, and the sums of the exponentials. For rows
/// too short for whole vectors: the exponentials of several are computed together. `count` is at most SHORT_ROW.
INLINE void short_exponentials(const float *x, int64_t count, int64_t rows, float *shifted, float *exponential,
                               float *sums) {
  for (int64_t r = 0; r < rows; r++) {
    float maximum = largest_of_row(x + r * count, count);
    for (int64_t i = 0; i < count; i += WIDTH) {  // what is written past a row's end, the next row overwrites
      vector v = i + WIDTH <= count ? load(x + r * count + i) : load_part(x + r * count + i, count - i);
      store(shifted + r * count + i, v - maximum);
    }
  }
  store(sums + rows / WIDTH * WIDTH, 1.0f);
  for (int64_t i = 0; i < rows * count; i += WIDTH) store(exponential + i, vector_exp(load(shifted + i)));
  for (int64_t r = 0; r < rows; r++) {
    vector sum = 0;
    int64_t i = 0;
    for (; i + WIDTH <= count; i += WIDTH) sum += load(exponential + r * count + i);
    if (i < count) sum += load_part(exponential + r * count + i, count - i);
    sums[r] = add_across(sum);
  }
}

static void softmax_short_rows(bool logarithm, const float *x, float *y, int64_t count, int64_t rows) {
  float shifted[SOFTMAX_BLOCK + WIDTH], exponential[SOFTMAX_BLOCK + WIDTH], scales[SOFTMAX_BLOCK + WIDTH];
  short_exponentials(x, count, rows, shifted, exponential, scales);
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

// MARK: Cross-entropy

/// The class of a row.
INLINE int64_t class_of(const descent_cross_entropy *task, int64_t row) {
  return task->wide ? ((const int64_t *)task->classes)[row] : ((const int32_t *)task->classes)[row];
}

/// y = (e · scale − onehot) · g
INLINE void cross_entropy_gradient(const float *e, float *y, int64_t count, float scale, float g, int64_t class) {
  const float own = e[class];  // y may be e
  int64_t i = 0;
  for (; i + WIDTH <= count; i += WIDTH) store(y + i, load(e + i) * scale * g);
  if (i < count) store_part(y + i, load_part(e + i, count - i) * scale * g, count - i);
  y[class] = (own * scale - 1.0f) * g;
}

static void cross_entropy_short_rows(const descent_cross_entropy *task, int64_t row, int64_t rows) {
  float shifted[SOFTMAX_BLOCK + WIDTH], exponential[SOFTMAX_BLOCK + WIDTH], sums[SOFTMAX_BLOCK + WIDTH];
  const int64_t count = task->count;
  short_exponentials(task->logits + row * count, count, rows, shifted, exponential, sums);
  if (task->gradient) {
    for (int64_t r = 0; r < rows; r++) {
      const float g = task->loss_gradient[task->one_gradient ? 0 : row + r];
      cross_entropy_gradient(exponential + r * count, task->gradient + (row + r) * count, count, 1.0f / sums[r], g,
                             class_of(task, row + r));
    }
  }
  if (task->losses) {
    for (int64_t r = 0; r < rows; r += WIDTH) store(sums + r, vector_log(load(sums + r)));
    for (int64_t r = 0; r < rows; r++) task->losses[row + r] = sums[r] - shifted[r * count + class_of(task, row + r)];
  }
}

static void cross_entropy_row(const descent_cross_entropy *task, int64_t row) {
  const int64_t count = task->count, class = class_of(task, row);
  const float *x = task->logits + row * count, maximum = largest_of_row(x, count);
  float *y = task->gradient ? task->gradient + row * count : 0;
  const float sum = exponentials(x, y, count, maximum);
  if (task->losses) task->losses[row] = vector_log((vector)sum)[0] - (x[class] - maximum);
  if (y) cross_entropy_gradient(y, y, count, 1.0f / sum, task->loss_gradient[task->one_gradient ? 0 : row], class);
}

static int64_t cross_entropy(const descent_cross_entropy *task, int64_t start, int64_t end) {
  for (int64_t row = start; row < end; row++) {
    if (class_of(task, row) < 0 || class_of(task, row) >= task->count) return row;
  }
  if (task->count > SHORT_ROW) {
    for (int64_t row = start; row < end; row++) cross_entropy_row(task, row);
    return -1;
  }
  for (int64_t row = start, rows; row < end; row += rows) {
    rows = SOFTMAX_BLOCK / task->count < end - row ? SOFTMAX_BLOCK / task->count : end - row;
    cross_entropy_short_rows(task, row, rows);
  }
  return -1;
}
