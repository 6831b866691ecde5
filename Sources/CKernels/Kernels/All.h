/// Every kernel, written once for vectors of any width. A processor's file defines KERNELS, the table's name, WIDTH,
/// the floats in a vector, and FUSED, whether multiply-add rounds once, and includes this.
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include "Table.h"

// Multiply-add is fused where the source says so and nowhere else, so that every path rounds alike.
#pragma STDC FP_CONTRACT OFF

#include "Vectors.h"
#include "Functions.h"
#include "Halves.h"
#include "Elementwise.h"
#include "Programs.h"
#include "Reductions.h"
#include "Softmax.h"
#include "Packing.h"
#include "Tiles.h"
#include "Dots.h"
#include "Products.h"
#include "Random.h"
#include "Rows.h"
#include "Bytes.h"
#include "Windows.h"
#include "Peak.h"

const descent_kernels KERNELS = {
  .program_run = program_run,
  .reduce = reduce,
  .softmax = softmax,
  .cross_entropy = cross_entropy,
  .sgemm = sgemm,
  .random_uniform = random_uniform,
  .random_normal = random_normal,
  .gather_bytes = gather_bytes,
  .gather_floats = gather_floats,
  .widen = widen,
  .unfold = unfold,
  .unfold_halves = unfold_halves,
  .fold = fold,
  .greatest_places = greatest_places,
  .gather_places = gather_places,
  .gather_halves = gather_halves,
  .scatter_places = scatter_places,
  .find_bytes = find_bytes,
  .count_byte = count_byte,
  .count_line_ends = count_line_ends,
  .peak = peak,
};
