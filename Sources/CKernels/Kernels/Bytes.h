/// Places of bytes in a text, 64 of them in a word.

typedef uint8_t byte_chunk __attribute__((vector_size(64)));
typedef int8_t byte_matches __attribute__((vector_size(64)));
typedef bool byte_places __attribute__((ext_vector_type(64)));

// Vectors so wide are handed on by address: by value they would depend on the processor that a caller is compiled for.

/// 64 bytes of a text, or as many as there are and zeros.
INLINE void read_chunk(byte_chunk *bytes, const uint8_t *text, int64_t count) {
  if (count >= 64) {
    memcpy(bytes, text, 64);
  } else {
    memset(bytes, 0, 64);
    memcpy(bytes, text, (size_t)count);
  }
}

/// A bit for each of 64 answers.
INLINE uint64_t bits_of(const byte_matches *found) {
  byte_places set = __builtin_convertvector(*found, byte_places);
  uint64_t bits;
  memcpy(&bits, &set, sizeof bits);
  return bits;
}

/// The lower bits, for the bytes that are there.
INLINE uint64_t bits_below(int64_t count) { return count >= 64 ? ~0ull : (1ull << count) - 1; }

static void find_bytes(const uint8_t *text, int64_t count, const uint8_t *wanted, uint64_t *bits) {
  uint8_t first = wanted[0], second = wanted[1], third = wanted[2], fourth = wanted[3];
  for (int64_t i = 0; i < count; i += 64) {
    byte_chunk bytes;
    read_chunk(&bytes, text + i, count - i);
    byte_matches found = (bytes == first) | (bytes == second) | (bytes == third) | (bytes == fourth);
    bits[i / 64] = bits_of(&found) & bits_below(count - i);
  }
}

static int64_t count_byte(const uint8_t *text, int64_t count, uint8_t wanted) {
  int64_t total = 0;
  for (int64_t i = 0; i < count; i += 64) {
    byte_chunk bytes;
    read_chunk(&bytes, text + i, count - i);
    byte_matches found = bytes == wanted;
    total += __builtin_popcountll(bits_of(&found) & bits_below(count - i));
  }
  return total;
}

static int64_t count_line_ends(const uint8_t *text, int64_t count) {
  int64_t total = 0;
  uint64_t before = 0;  // whether the byte before is a return
  for (int64_t i = 0; i < count; i += 64) {
    byte_chunk bytes;
    read_chunk(&bytes, text + i, count - i);
    byte_matches feed = bytes == '\n', back = bytes == '\r';
    uint64_t feeds = bits_of(&feed), returns = bits_of(&back);
    uint64_t pairs = feeds & (returns << 1 | before);
    before = returns >> 63;
    total += __builtin_popcountll(feeds) + __builtin_popcountll(returns) - __builtin_popcountll(pairs);
  }
  return total;
}
