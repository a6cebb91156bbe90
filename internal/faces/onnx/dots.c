#include "dots.h"

static void plain(const int8_t *rows, int64_t n, int64_t dim, const int8_t *probe, int32_t *out) {
  for (int64_t i = 0; i < n; i++, rows += dim) {
    int32_t sum = 0;
    for (int64_t j = 0; j < dim; j++) sum += (int32_t)rows[j] * probe[j];
    out[i] = sum;
  }
}

#if defined(__x86_64__)
#include <immintrin.h>

// The instruction for products of bytes takes one of them without sign: the
// probe's goes to the row. Two products of at most 127 × 127 fit in 16 bits.
__attribute__((target("avx2")))
static void avx2(const int8_t *rows, int64_t n, int64_t dim, const int8_t *probe, int32_t *out) {
  const __m256i ones = _mm256_set1_epi16(1);
  const int64_t whole = dim & ~(int64_t)31;
  for (int64_t i = 0; i < n; i++, rows += dim) {
    __m256i sums = _mm256_setzero_si256();
    for (int64_t j = 0; j < whole; j += 32) {
      __m256i p = _mm256_loadu_si256((const __m256i *)(probe + j));
      __m256i r = _mm256_loadu_si256((const __m256i *)(rows + j));
      __m256i pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(p), _mm256_sign_epi8(r, p));
      sums = _mm256_add_epi32(sums, _mm256_madd_epi16(pairs, ones));
    }
    __m128i four = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
    four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
    four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0xb1));
    int32_t sum = _mm_cvtsi128_si32(four);
    for (int64_t j = whole; j < dim; j++) sum += (int32_t)rows[j] * probe[j];
    out[i] = sum;
  }
}
#endif

void hajir_dots(const int8_t *rows, int64_t n, int64_t dim, const int8_t *probe, int32_t *out) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    avx2(rows, n, dim, probe, out);
    return;
  }
#endif
  plain(rows, n, dim, probe, out);
}
