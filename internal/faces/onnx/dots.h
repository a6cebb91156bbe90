#include <stdint.h>

// dots writes, for each of n rows of dim numbers, the dot product with probe.
void hajir_dots(const int8_t *rows, int64_t n, int64_t dim, const int8_t *probe, int32_t *out);
