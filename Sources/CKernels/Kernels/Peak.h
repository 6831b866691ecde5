/// The processor's arithmetic by itself: multiply-adds on registers, enough side by side that none waits for another.

enum { PEAK_SUMS = 12 };

static int64_t peak(int64_t count, float factor, float term, float *total) {
  vector sum[PEAK_SUMS];
  _Pragma("unroll") for (int i = 0; i < PEAK_SUMS; i++) sum[i] = 0;
  for (int64_t round = 0; round < count; round++) {
    _Pragma("unroll") for (int i = 0; i < PEAK_SUMS; i++) sum[i] = multiply_add(sum[i], factor, term);
  }
  vector all = 0;
  _Pragma("unroll") for (int i = 0; i < PEAK_SUMS; i++) all += sum[i];
  *total = add_across(all);
  return 2 * PEAK_SUMS * WIDTH * count;
}
