/// Elementary functions of a vector, within 2 units in the last place everywhere, subnormal numbers included; the unit
/// is the spacing of floats in the exact value's binade. `make test-exhaustive` measures it over every float. The
/// polynomials are minimax fits (Lawson's algorithm, coefficients rounded one by one); the reductions are Cody and
/// Waite's ("Software Manual for the Elementary Functions", 1980).

#define LOG2_E 0x1.715476p0f
#define LN_2 0x1.62e43p-1f
#define LN_2_HIGH 0x1.62e4p-1f  // 15 bits: its product with an exponent is exact
#define LN_2_LOW 0x1.7f7d1cp-20f
#define ROUNDER 0x1.8p23f  // added to a small number, it leaves the nearest integer in the low bits
#define SMALLEST_NORMAL 0x1p-126f

// Every exponential is 2^n (1 + q): n the integer nearest to x / ln 2, r = x − n · ln 2, q = e^r − 1.

/// The integer nearest to factor · x. `exponent` holds it in its low nine bits, plus a bias.
INLINE vector nearest_exponent(vector x, float factor, float bias, ints *exponent) {
  vector shifted = multiply_add(x, factor, ROUNDER + bias);
  *exponent = int_bits(shifted);
  return shifted - (ROUNDER + bias);
}

/// x − n · ln 2, rounded.
INLINE vector rest_of_exponent(vector x, vector n) {
  return multiply_add(n, -LN_2_LOW, multiply_add(n, -LN_2_HIGH, x));
}

/// e^r − 1 for |r| ≤ ln 2 / 2. Of the polynomials near the minimax fit, the one with the smallest error of tanh.
INLINE vector expm1_of_rest(vector r) {
  vector z = r * r;
  vector low = multiply_add(r, 0x1.5554b6p-3f, 0.5f), high = multiply_add(r, 0x1.12281ep-7f, 0x1.5555bep-5f);
  return multiply_add(z, multiply_add(z, multiply_add(z, 0x1.6c7d9p-10f, high), low), r);
}

/// 2^(e − 127) for the low nine bits e of an exponent, 1 ≤ e ≤ 254.
INLINE vector power_of_two(ints exponent) { return float_bits(exponent << 23); }

INLINE vector vector_exp(vector x) {
  vector bounded = x > 89.0f ? (vector)89.0f : x;
  bounded = bounded < -104.0f ? (vector)-104.0f : bounded;
  ints exponent;
  vector n = nearest_exponent(bounded, LOG2_E, 254, &exponent);
  vector p = expm1_of_rest(rest_of_exponent(bounded, n)) + 1.0f;
  // In two steps, since 2^n itself may be too large or too small for a float.
  ints half = exponent >> 1;
  return p * power_of_two(half) * power_of_two(exponent - half);
}

INLINE vector vector_expm1(vector x) {
  vector bounded = x > 89.0f ? (vector)89.0f : x;
  bounded = bounded < -20.0f ? (vector)-20.0f : bounded;
  ints exponent;
  vector n = nearest_exponent(bounded, LOG2_E, 126, &exponent);
  // Half of 2^n (1 + q) − 1: 2^n itself may be too large for a float.
  vector q = expm1_of_rest(rest_of_exponent(bounded, n)), scale = power_of_two(exponent);
  vector y = multiply_add(scale, q, scale - 0.5f);
  return magnitude(x) < 0x1p-24f ? x : y + y;
}

/// The logarithm of 2^e (1 + f) + c, for 1 + f between √½ and √2 and a small c.
INLINE vector log_of_parts(vector e, vector f, vector c) {
  vector z = f * f, p = 0x1.149e22p-4f;
  p = multiply_add(p, f, -0x1.de457ep-4f);
  p = multiply_add(p, f, 0x1.e6d1e4p-4f);
  p = multiply_add(p, f, -0x1.fc20dap-4f);
  p = multiply_add(p, f, 0x1.233a36p-3f);
  p = multiply_add(p, f, -0x1.555c6p-3f);
  p = multiply_add(p, f, 0x1.99a482p-3f);
  p = multiply_add(p, f, -0x1.000006p-2f);
  p = multiply_add(p, f, 0x1.555548p-2f);
  vector y = multiply_add(f * z, p, multiply_add(e, LN_2_LOW, c));
  y = multiply_add(z, -0.5f, y) + f;
  return multiply_add(e, LN_2_HIGH, y);
}

/// A positive normal x = 2^e (1 + f) with 1 + f between √½ and √2.
INLINE vector split_exponent(vector x, ints *e) {
  ints bits = int_bits(x) - 0x3f3504f3;
  *e = bits >> 23;
  return float_bits((bits & 0x7fffff) + 0x3f3504f3) - 1.0f;
}

INLINE vector vector_log(vector x) {
  ints tiny = x < SMALLEST_NORMAL, e;
  vector f = split_exponent(tiny ? x * 0x1p23f : x, &e);
  vector exponent = __builtin_convertvector(e, vector) - (tiny ? (vector)23.0f : (vector)0.0f);
  vector y = log_of_parts(exponent, f, 0);
  y = x < INFINITY ? y : x;
  y = x == 0.0f ? (vector)-INFINITY : y;
  return x < 0.0f ? (vector)NAN : y;
}

INLINE vector vector_log1p(vector x) {
  vector u = 1.0f + x;
  ints e;
  vector f = split_exponent(u, &e);
  // What 1 + x lost to rounding; where u needs no scaling, x itself is the exact fraction.
  vector error = x < 1.0f ? x - (u - 1.0f) : 1.0f - (u - x);
  vector y = log_of_parts(__builtin_convertvector(e, vector), e == 0 ? x : f, e == 0 ? (vector)0.0f : error / u);
  y = x < INFINITY ? y : x;
  y = magnitude(x) < 0x1p-24f ? x : y;
  y = x == -1.0f ? (vector)-INFINITY : y;
  return x < -1.0f ? (vector)NAN : y;
}

/// (1 − e^−t) / (1 + e^−t) for t = |2 x|. From 20 on, it is 1; up to there, n is small enough for one step to r.
INLINE vector vector_tanh(vector x) {
  vector t = magnitude(x + x);
  t = t > 20.0f ? (vector)20.0f : t;
  ints exponent;
  vector n = nearest_exponent(t, -LOG2_E, 127, &exponent);
  vector q = expm1_of_rest(multiply_add(n, -LN_2, -t)), scale = power_of_two(exponent);
  return with_sign(multiply_add(-scale, q, 1.0f - scale) / multiply_add(scale, q, 1.0f + scale), x);
}

/// 1 / (1 + e^−x), both sides of the line times 2^−24, so that e^104 is not too large. Other orders of the sum's three
/// terms have errors of 2.4 units near −16.64, where 1 is half a unit of e^−x.
INLINE vector vector_sigmoid(vector x) {
  vector bounded = x > 40.0f ? (vector)40.0f : x;
  bounded = bounded < -104.0f ? (vector)-104.0f : bounded;
  ints exponent;
  vector n = nearest_exponent(bounded, -LOG2_E, 127 - 24, &exponent);
  vector q = expm1_of_rest(rest_of_exponent(-bounded, n)), scale = power_of_two(exponent);
  return 0x1p-24f / (multiply_add(scale, q, 0x1p-24f) + scale);
}

INLINE vector vector_erf(vector x) {
  vector a = magnitude(x), z = x * x, p = -0x1.38741cp-11f;
  p = multiply_add(p, z, 0x1.46d9e2p-8f);
  p = multiply_add(p, z, -0x1.b67c04p-6f);
  p = multiply_add(p, z, 0x1.ce1986p-4f);
  p = multiply_add(p, z, -0x1.8126e2p-2f);
  p = multiply_add(p, z, 0x1.06eba6p-3f);
  // The logarithm of 1 − erf |x|; from 4 on, erf is 1.
  vector t = a > 4.0f ? (vector)4.0f : a, q = -0x1.78e02cp-17f;
  q = multiply_add(q, t, 0x1.527e46p-12f);
  q = multiply_add(q, t, -0x1.dd6e36p-9f);
  q = multiply_add(q, t, 0x1.8551d2p-6f);
  q = multiply_add(q, t, -0x1.b3259cp-4f);
  q = multiply_add(q, t, -0x1.45328ap-1f);
  q = multiply_add(q, t, -0x1.20ef1cp+0f);
  q *= t;
  ints exponent;
  vector n = nearest_exponent(q, LOG2_E, 127, &exponent);
  vector e = expm1_of_rest(rest_of_exponent(q, n)), scale = power_of_two(exponent);
  vector large = with_sign(multiply_add(-scale, e, 1.0f - scale), x);
  return a < 0.925f ? multiply_add(p, x, x) : large;
}

INLINE vector vector_sqrt(vector x) { return __builtin_elementwise_sqrt(x); }

/// To the nearest integer, halves to the even one. From 2^23 on, every float is an integer.
INLINE vector vector_round(vector x) {
  vector a = magnitude(x);
  return a < 0x1p23f ? with_sign((a + 0x1p23f) - 0x1p23f, x) : x;
}

INLINE vector vector_floor(vector x) {
  vector r = vector_round(x);
  return with_sign(magnitude(r > x ? r - 1.0f : r), x);
}

INLINE vector vector_sign(vector x) {
  vector y = x < 0.0f ? (vector)-1.0f : x;
  y = x > 0.0f ? (vector)1.0f : y;
  return x == 0.0f ? (vector)0.0f : y;
}

INLINE vector truth(ints condition) { return float_bits(condition & int_bits((vector)1.0f)); }
