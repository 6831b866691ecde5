/// Philox4x32-10 for WIDTH blocks at a time, one in each lane.

/// The high and low words of each lane's product with a constant: first the even lanes', then the odd ones'.
INLINE void multiply_words(words x, uint32_t factor, words *high, words *low) {
  typedef uint64_t pairs __attribute__((ext_vector_type(WIDTH / 2)));
  const uint64_t lower = 0xffffffff;
  pairs both = __builtin_bit_cast(pairs, x);
  pairs even = (both & lower) * factor, odd = (both >> 32) * factor;
  *high = __builtin_bit_cast(words, (even >> 32) | (odd & ~lower));
  *low = __builtin_bit_cast(words, (even & lower) | (odd << 32));
}

/// One round: `x` are the counter's four words, `k` the key's two.
INLINE void philox_round(words x[4], words k[2]) {
  words a_high, a_low, b_high, b_low;
  multiply_words(x[0], 0xd2511f53u, &a_high, &a_low);
  multiply_words(x[2], 0xcd9e8d57u, &b_high, &b_low);
  x[0] = b_high ^ x[1] ^ k[0];
  x[1] = b_low;
  x[2] = a_high ^ x[3] ^ k[1];
  x[3] = a_low;
  k[0] += 0x9e3779b9u;
  k[1] += 0xbb67ae85u;
}

/// The words of blocks block ..< block + WIDTH.
INLINE void philox_blocks(uint64_t key, uint32_t stream, uint32_t step, int64_t block, words x[4]) {
  uint32_t low[WIDTH], high[WIDTH];
  for (int i = 0; i < WIDTH; i++) {
    low[i] = (uint32_t)(block + i);
    high[i] = (uint32_t)((uint64_t)(block + i) >> 32);
  }
  memcpy(&x[0], low, sizeof(low));
  memcpy(&x[1], high, sizeof(high));
  x[2] = stream;
  x[3] = step;
  words k[2] = {(uint32_t)key, (uint32_t)(key >> 32)};
  for (int round = 0; round < 10; round++) philox_round(x, k);
}

/// Each lane's block is four consecutive floats of `out`.
INLINE void store_blocks(float *out, vector v[4]) {
  transpose4(v);
  for (int group = 0; group < WIDTH / 4; group++) {
    for (int q = 0; q < 4; q++) {
      quad quads[WIDTH / 4];
      memcpy(quads, &v[q], sizeof(quads));
      store4(out + 16 * group + 4 * q, quads[group]);
    }
  }
}

INLINE void uniform_blocks(uint64_t key, uint32_t stream, uint32_t step, int64_t block, float *out) {
  words x[4];
  philox_blocks(key, stream, step, block, x);
  vector v[4];
  for (int i = 0; i < 4; i++) v[i] = __builtin_convertvector((ints)(x[i] >> 8), vector) * 0x1p-24f;
  store_blocks(out, v);
}

/// Two normal numbers from two words, by Box and Muller.
INLINE void box_muller(words w0, words w1, vector *cosine, vector *sine) {
  // ln((w0 + 1) / 2^32): close to 1, the fraction is what is missing from 1, which is exact.
  words missing = ~w0;
  ints e;
  vector f = split_exponent(__builtin_convertvector(w0, vector) + 1.0f, &e);
  ints close = missing < 0x40000000u;
  f = close ? __builtin_convertvector(missing, vector) * -0x1p-32f : f;
  vector exponent = close ? (vector)0.0f : __builtin_convertvector(e - 32, vector);
  vector radius = vector_sqrt(-2.0f * log_of_parts(exponent, f, 0));
  // The angle as a number of quarter turns and a rest between −π/4 and π/4.
  words quarters = (w1 + 0x20000000u) >> 30;
  vector angle = __builtin_convertvector((ints)(w1 - (quarters << 30)), vector) * 0x1.921fb6p-30f;
  vector z = angle * angle, s = -0x1.9956b2p-13f, c = 0x1.99e0ecp-16f;
  s = multiply_add(s, z, 0x1.11077ep-7f);
  s = multiply_add(s, z, -0x1.555546p-3f);
  s = multiply_add(s, z * angle, angle);
  c = multiply_add(c, z, -0x1.6c0c1ap-10f);
  c = multiply_add(c, z, 0x1.55554ap-5f);
  c = multiply_add(c, z * z, multiply_add(z, -0.5f, 1.0f));
  ints swap = (ints)(quarters & 1) != 0;
  vector x = swap ? s : c, y = swap ? c : s;
  // The cosine is negative in the second and third quarters, the sine in the third and fourth.
  *cosine = float_bits(int_bits(x) ^ (ints)(((quarters + 1) & 2) << 30)) * radius;
  *sine = float_bits(int_bits(y) ^ (ints)((quarters & 2) << 30)) * radius;
}

INLINE void normal_blocks(uint64_t key, uint32_t stream, uint32_t step, int64_t block, float *out) {
  words x[4];
  philox_blocks(key, stream, step, block, x);
  vector v[4];
  box_muller(x[0], x[1], &v[0], &v[1]);
  box_muller(x[2], x[3], &v[2], &v[3]);
  store_blocks(out, v);
}

#define FILL_RANDOM(name, blocks)                                                                                   \
  static void name(uint64_t key, uint32_t stream, uint32_t step, float *out, int64_t start, int64_t end) {          \
    while (start < end) {                                                                                           \
      int64_t block = start / 4, skip = start % 4;                                                                  \
      if (skip == 0 && end - start >= 4 * WIDTH) {                                                                  \
        blocks(key, stream, step, block, out + start);                                                              \
        start += 4 * WIDTH;                                                                                         \
        continue;                                                                                                   \
      }                                                                                                             \
      float part[4 * WIDTH];                                                                                        \
      blocks(key, stream, step, block, part);                                                                       \
      int64_t count = end - start < 4 * WIDTH - skip ? end - start : 4 * WIDTH - skip;                              \
      memcpy(out + start, part + skip, (size_t)count * sizeof(float));                                              \
      start += count;                                                                                               \
    }                                                                                                               \
  }

FILL_RANDOM(random_uniform, uniform_blocks)
FILL_RANDOM(random_normal, normal_blocks)
