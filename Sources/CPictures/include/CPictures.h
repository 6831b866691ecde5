/// Pictures through libpng and libjpeg. Both report an error by `longjmp` past their callers, which Swift code must
/// not be among: these functions catch it and return instead. They decide nothing else: what is too large, and what
/// becomes of alpha and of ink, is said in `Sources/Formats/Pictures`.
///
/// Without the package trait `Pictures` nothing of this is compiled.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What the bytes of one decoded pixel are.
typedef enum descent_layout {
  DESCENT_GREY = 1, DESCENT_GREY_ALPHA, DESCENT_RGB, DESCENT_RGBA,
  // four bytes of ink, 255 the most; or, as Adobe's programs write it, 0 the most
  DESCENT_CMYK, DESCENT_CMYK_INVERTED,
} descent_layout;

/// What a file's header says. `packed_bits` is what a pixel takes before compression, `held_bits` what it takes in memory
/// while the file is read.
typedef struct descent_picture_header {
  uint32_t width, height, packed_bits, held_bits;
  descent_layout layout;
} descent_picture_header;

enum { DESCENT_MESSAGE_LENGTH = 256 };

/// A file being read. `bytes` must outlive it. The function that opens returns NULL, and the one that reads false, with
/// the reason in `message` (of DESCENT_MESSAGE_LENGTH bytes). Reading fills `pixels` with height × width pixels of the
/// header's layout; where it fails they are worth nothing.
typedef struct descent_png descent_png;
descent_png *descent_png_open(const uint8_t *bytes, size_t count, descent_picture_header *header, char *message);
bool descent_png_read(descent_png *file, uint8_t *pixels, char *message);
void descent_png_close(descent_png *file);

/// The same for JPEG; `scan_limit` is the most passes over the picture that a progressive file may take.
typedef struct descent_jpeg descent_jpeg;
descent_jpeg *descent_jpeg_open(const uint8_t *bytes, size_t count, descent_picture_header *header, char *message);
bool descent_jpeg_read(descent_jpeg *file, uint8_t *pixels, int32_t scan_limit, char *message);
void descent_jpeg_close(descent_jpeg *file);

/// The most bytes that a PNG file of this size takes; `channels` is 1 (grey) or 3 (RGB).
size_t descent_png_bound(uint32_t width, uint32_t height, int32_t channels);
/// Writes a PNG file of at most `capacity` bytes; returns how many, or 0 with the reason in `message`.
size_t descent_png_write(
    const uint8_t *pixels, uint32_t width, uint32_t height, int32_t channels, uint8_t *file, size_t capacity,
    char *message);
