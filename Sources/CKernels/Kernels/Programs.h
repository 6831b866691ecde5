/// The interpreter of elementwise programs: block by block, operands that don't lie in memory as the result does are
/// expanded into their registers, the instructions run, and results are written out.

/// out[i] = value, in whole vectors: a register has room for one more.
INLINE void fill(float *out, float value, int64_t count) {
  for (int64_t i = 0; i < count; i += WIDTH) store(out + i, value);
}

/// Copies between buffers that don't overlap.
static void copy(float *restrict out, const float *restrict in, int64_t count) {
  if (count < WIDTH) {
    for (int64_t i = 0; i < count; i++) out[i] = in[i];
    return;
  }
  for (int64_t i = 0; i < count - WIDTH; i += WIDTH) store(out + i, load(in + i));
  store(out + count - WIDTH, load(in + count - WIDTH));
}

static void bool_to_float(float *restrict out, const uint8_t *restrict in, int64_t count) {
  for (int64_t i = 0; i < count; i++) out[i] = in[i] ? 1.0f : 0.0f;
}

static void float_to_bool(uint8_t *restrict out, const float *restrict in, int64_t count) {
  for (int64_t i = 0; i < count; i++) out[i] = in[i] != 0.0f;
}

/// `count` elements from `in` on, `stride` apart.
static void expand_run(const descent_operand *operand, float *out, const void *memory, int64_t offset, int64_t stride,
                       int64_t count) {
  if (operand->storage == DESCENT_BOOL) {
    const uint8_t *in = (const uint8_t *)memory + offset;
    if (stride == 0) {
      fill(out, in[0] ? 1.0f : 0.0f, count);
    } else if (stride == 1) {
      bool_to_float(out, in, count);
    } else {
      for (int64_t i = 0; i < count; i++) out[i] = in[i * stride] ? 1.0f : 0.0f;
    }
  } else if (operand->storage == DESCENT_BFLOAT16) {
    const uint16_t *in = (const uint16_t *)memory + offset;
    if (stride == 0) {
      fill(out, widened(in[0]), count);
    } else if (stride == 1) {
      widen(in, out, count);
    } else {
      for (int64_t i = 0; i < count; i++) out[i] = widened(in[i * stride]);
    }
  } else {
    const float *in = (const float *)memory + offset;
    if (stride == 0) {
      fill(out, in[0], count);
    } else if (stride == 1) {
      copy(out, in, count);
    } else {
      for (int64_t i = 0; i < count; i++) out[i] = in[i * stride];
    }
  }
}

/// The next `count` elements of an operand with a shape of its own. Returns where they are: in `block`, or in place
/// where they lie in a row.
static const float *expand(const descent_operand *operand, descent_walk *walk, const void *memory, float *block,
                           int64_t count) {
  int64_t axis = operand->rank - 1, extent = operand->shape[axis], stride = operand->strides[axis];
  int64_t coordinate = walk->coordinates[axis], offset = walk->offset;
  const float *result = block;
  if (count <= extent - coordinate && stride == 1 && operand->storage == DESCENT_FLOAT32) {
    result = (const float *)memory + offset;
  }
  for (float *out = block; count > 0;) {
    int64_t run = extent - coordinate < count ? extent - coordinate : count;
    if (stride == 0 && operand->storage == DESCENT_FLOAT32) {
      fill(out, ((const float *)memory)[offset], run);
    } else if (result == block) {
      expand_run(operand, out, memory, offset, stride, run);
    }
    out += run;
    count -= run;
    coordinate += run;
    offset += run * stride;
    if (coordinate < extent) break;
    // On to the next row.
    coordinate = 0;
    offset -= extent * stride;
    for (int64_t outer = axis - 1; outer >= 0; outer--) {
      offset += operand->strides[outer];
      if (++walk->coordinates[outer] < operand->shape[outer]) break;
      walk->coordinates[outer] = 0;
      offset -= operand->shape[outer] * operand->strides[outer];
    }
  }
  walk->coordinates[axis] = coordinate;
  walk->offset = offset;
  return result;
}

/// Puts a walk at one element of the result.
static void seek(const descent_operand *operand, descent_walk *walk, int64_t element) {
  walk->offset = 0;
  for (int64_t axis = operand->rank - 1; axis >= 0; axis--) {
    int64_t quotient = element == 0 ? 0 : element / operand->shape[axis];
    walk->coordinates[axis] = element - quotient * operand->shape[axis];
    walk->offset += walk->coordinates[axis] * operand->strides[axis];
    element = quotient;
  }
}

/// How many elements it takes until an operand that is broadcast along its outermost axes repeats itself.
static int64_t period(const descent_operand *operand) {
  int64_t elements = 1;
  int32_t axis = 0;
  while (axis < operand->rank && operand->strides[axis] == 0) axis++;
  for (; axis < operand->rank; axis++) elements *= operand->shape[axis];
  return elements;
}

static void program_run(const descent_program *program, void *const *slots, int64_t start, int64_t end,
                        float *scratch) {
  if (start >= end) return;
  const int32_t register_count = program->register_count, operand_count = program->operand_count;
  const descent_operand *operands = program->operands;
  const descent_result *results = program->results;
  float *blocks = (float *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63);
  float **registers = (float **)(blocks + (int64_t)register_count * DESCENT_REGISTER);
  descent_walk *walks = (descent_walk *)(registers + register_count);

  // An operand that repeats itself needs to be expanded once only, if the blocks hold whole periods.
  int64_t block = DESCENT_BLOCK;
  for (int32_t r = 0; r < operand_count; r++) {
    int64_t repeats = operands[r].rank > 0 ? period(&operands[r]) : 1;
    if (repeats > 1 && repeats <= DESCENT_BLOCK) {
      block = DESCENT_BLOCK / repeats * repeats;
      break;
    }
  }
  const int64_t first = end - start < block ? end - start : block;
  for (int32_t r = 0; r < register_count; r++) registers[r] = blocks + (int64_t)r * DESCENT_REGISTER;
  for (int32_t r = 0; r < operand_count; r++) {
    const descent_operand *operand = &operands[r];
    const void *memory = slots[operand->slot];
    if (operand->rank == 0) {
      walks[r].kind = operand->storage == DESCENT_FLOAT32 ? DESCENT_IN_PLACE : DESCENT_EACH_BLOCK;
      if (walks[r].kind == DESCENT_IN_PLACE) registers[r] = (float *)memory + start;
      continue;
    }
    int64_t repeats = period(operand);
    if (repeats != 1) seek(operand, &walks[r], start);
    walks[r].kind = repeats == 1 || (repeats <= block && block % repeats == 0) ? DESCENT_ONCE : DESCENT_EACH_BLOCK;
    if (walks[r].kind == DESCENT_ONCE) {
      if (repeats == 1) {
        expand_run(operand, registers[r], memory, 0, 0, first);
      } else {
        registers[r] = (float *)expand(operand, &walks[r], memory, registers[r], first);
      }
    }
  }
  for (int32_t i = 0; i < program->result_count; i++) {
    int32_t from = results[i].from;
    if (!results[i].direct || results[i].storage != DESCENT_FLOAT32 || from < operand_count) continue;
    registers[from] = (float *)slots[results[i].slot] + start;
  }

  for (int64_t position = start;;) {
    const int64_t count = end - position < block ? end - position : block;
    for (int32_t r = 0; r < operand_count; r++) {
      if (walks[r].kind != DESCENT_EACH_BLOCK) continue;
      float *out = blocks + (int64_t)r * DESCENT_REGISTER;
      const void *memory = slots[operands[r].slot];
      if (operands[r].rank == 0) {
        expand_run(&operands[r], out, memory, position, 1, count);
      } else {
        registers[r] = (float *)expand(&operands[r], &walks[r], memory, out, count);
      }
    }
    const descent_instruction *instruction = program->instructions;
    const descent_instruction *const instructions_end = instruction + program->instruction_count;
    for (; instruction < instructions_end; instruction++) {
      elementwise_functions[instruction->function](registers, instruction, count);
    }
    for (int32_t i = 0; i < program->result_count; i++) {
      const float *from = registers[results[i].from];
      if (results[i].storage == DESCENT_BOOL) {
        float_to_bool((uint8_t *)slots[results[i].slot] + position, from, count);
      } else if (results[i].storage == DESCENT_BFLOAT16) {
        narrow((uint16_t *)slots[results[i].slot] + position, from, count);
      } else {
        float *out = (float *)slots[results[i].slot] + position;
        if (out != from) copy(out, from, count);
      }
    }
    position += count;
    if (position == end) return;
    for (int32_t r = 0; r < operand_count; r++) {
      if (walks[r].kind == DESCENT_IN_PLACE) registers[r] += count;
    }
    for (int32_t i = 0; i < program->result_count; i++) {
      int32_t from = results[i].from;
      if (registers[from] == (float *)slots[results[i].slot] + position - count && from >= operand_count &&
          results[i].direct && results[i].storage == DESCENT_FLOAT32) {
        registers[from] += count;
      }
    }
  }
}
