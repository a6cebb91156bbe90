#include <stdint.h>

// dots writes, for each of n rows of 64 × blocks numbers from 0 to 15, the dot
// product with probe. Byte j of a block's 32 holds its number j below and its
// number 32 + j above.
void hajir_dots(const uint8_t *rows, int64_t n, int64_t blocks, const int8_t *probe, int32_t *out);
