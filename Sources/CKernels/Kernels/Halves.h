/// bfloat16: the upper halves of floats.

/// The nearest number that a bfloat16 holds, halves to the even one. A NaN stays one, also where its lower half alone says
/// that it is.
INLINE vector round_half(vector x) {
  words bits = __builtin_bit_cast(words, x);
  words nearest = bits + 0x7fff + ((bits >> 16) & 1);
  return float_bits((x != x ? bits | 0x400000 : nearest) & 0xffff0000);
}

static void widen(const uint16_t *restrict in, float *restrict out, int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    uint32_t bits = (uint32_t)in[i] << 16;
    memcpy(out + i, &bits, sizeof(bits));
  }
}

/// Rounds as `round_half` does.
static void narrow(uint16_t *restrict out, const float *restrict in, int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, in + i, sizeof(bits));
    uint32_t nearest = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
    out[i] = (uint16_t)((bits & 0x7fffffff) > 0x7f800000 ? bits >> 16 | 0x40 : nearest);
  }
}

/// One number.
INLINE float widened(uint16_t half) {
  float result;
  widen(&half, &result, 1);
  return result;
}
