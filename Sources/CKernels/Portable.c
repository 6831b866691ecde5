/// Every kernel for the processor that the compiler targets: SSE2 on x86-64, NEON on ARM.
#define KERNELS descent_kernels_portable
#define WIDTH 4
#if defined(__ARM_FEATURE_FMA) || defined(__FMA__)
#define FUSED 1
#else
#define FUSED 0
#endif
#include "Kernels/All.h"
