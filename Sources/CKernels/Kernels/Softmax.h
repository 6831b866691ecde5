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

static void softmax(bool logarithm, const float *in, float *out, int64_t count, int64_t start, int64_t end) {
  for (int64_t row = start; row < end; row++) {
    const float *x = in + row * count;
    float *y = out + row * count;
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
    float maximum = maximum_across(largest);
    if (logarithm) {
      vector sum = exponentials(x, 0, count, maximum), log_sum = vector_log(sum);
      for (i = 0; i + WIDTH <= count; i += WIDTH) store(y + i, (load(x + i) - maximum) - log_sum);
      if (i < count) store_part(y + i, (load_part(x + i, count - i) - maximum) - log_sum, count - i);
    } else {
      float scale = 1.0f / exponentials(x, y, count, maximum);
      for (i = 0; i + WIDTH <= count; i += WIDTH) store(y + i, load(y + i) * scale);
      if (i < count) store_part(y + i, load_part(y + i, count - i) * scale, count - i);
    }
  }
}
