/// Every kernel for x86-64 processors with AVX2 and fused multiply-add.
#if defined(__x86_64__)
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define KERNELS descent_kernels_avx2
#define WIDTH 8
#define FUSED 1
#include "Kernels/All.h"
#pragma clang attribute pop
#endif
