#include "dots.h"

static void plain(const uint8_t *rows, int64_t n, int64_t blocks, const int8_t *probe, int32_t *out) {
  for (int64_t i = 0; i < n; i++) {
    const int8_t *p = probe;
    int32_t sum = 0;
    for (int64_t b = 0; b < blocks; b++, rows += 32, p += 64) {
      for (int j = 0; j < 32; j++) sum += (rows[j] & 15) * p[j] + (rows[j] >> 4) * p[32 + j];
    }
    out[i] = sum;
  }
}

// CGO_CFLAGS=-DHAJIR_PLAIN leaves this out, so that tests reach what is above.
#if defined(__x86_64__) && !defined(HAJIR_PLAIN)
#include <immintrin.h>

// group is how many blocks are summed in 16 bits: of each come four products of
// at most 15 × 128.
enum { group = 4, ahead = 2048 };

__attribute__((target("avx2")))
static inline __m256i products(const uint8_t *row, const int8_t *p) {
  const __m256i below = _mm256_set1_epi8(15);
  __m256i r = _mm256_loadu_si256((const __m256i *)row);
  __m256i first = _mm256_maddubs_epi16(_mm256_and_si256(r, below), _mm256_loadu_si256((const __m256i *)p));
  __m256i second = _mm256_maddubs_epi16(_mm256_and_si256(_mm256_srli_epi16(r, 4), below),
                                        _mm256_loadu_si256((const __m256i *)(p + 32)));
  return _mm256_add_epi16(first, second);
}

__attribute__((target("avx2")))
static inline int32_t total(__m256i sums) {
  __m128i four = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
  four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
  four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0xb1));
  return _mm_cvtsi128_si32(four);
}

__attribute__((target("avx2")))
static void avx2(const uint8_t *rows, int64_t n, int64_t blocks, const int8_t *probe, int32_t *out) {
  const __m256i ones = _mm256_set1_epi16(1);
  for (int64_t i = 0; i < n; i++, rows += 32 * blocks) {
    __m256i sums = _mm256_setzero_si256();
    for (int64_t b = 0; b < blocks; b += group) {
      __m256i sum = _mm256_setzero_si256();
      for (int64_t c = b; c < blocks && c < b + group; c++) {
        if (c & 1) __builtin_prefetch(rows + 32 * c + ahead);
        sum = _mm256_add_epi16(sum, products(rows + 32 * c, probe + 64 * c));
      }
      sums = _mm256_add_epi32(sums, _mm256_madd_epi16(sum, ones));
    }
    out[i] = total(sums);
  }
}
#endif

void hajir_dots(const uint8_t *rows, int64_t n, int64_t blocks, const int8_t *probe, int32_t *out) {
#if defined(__x86_64__) && !defined(HAJIR_PLAIN)
  if (__builtin_cpu_supports("avx2")) {
    avx2(rows, n, blocks, probe, out);
    return;
  }
#endif
  plain(rows, n, blocks, probe, out);
}
