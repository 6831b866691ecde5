#ifdef DESCENT_PICTURES
#include "CPictures.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>

struct descent_png {
  png_structp png;
  png_infop info;
  const uint8_t *next, *end;
  uint32_t height;
  char *message;
};

static void fail(png_structp png, png_const_charp message) {
  descent_png *file = png_get_error_ptr(png);
  strncpy(file->message, message, DESCENT_MESSAGE_LENGTH - 1);
  png_longjmp(png, 1);
}

// A warning is about something that is passed over, such as a damaged comment.
static void ignore(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static void take(png_structp png, png_bytep target, size_t count) {
  descent_png *file = png_get_io_ptr(png);
  if ((size_t)(file->end - file->next) < count) png_error(png, "the file is cut short");
  memcpy(target, file->next, count);
  file->next += count;
}

void descent_png_close(descent_png *file) {
  png_destroy_read_struct(&file->png, &file->info, NULL);
  free(file);
}

descent_png *descent_png_open(const uint8_t *bytes, size_t count, descent_picture_header *header, char *message) {
  memset(message, 0, DESCENT_MESSAGE_LENGTH);
  descent_png *file = calloc(1, sizeof *file);
  if (file == NULL) return NULL;
  file->next = bytes;
  file->end = bytes + count;
  file->message = message;
  file->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, file, fail, ignore);
  file->info = file->png == NULL ? NULL : png_create_info_struct(file->png);
  if (file->info == NULL || setjmp(png_jmpbuf(file->png))) {
    descent_png_close(file);
    return NULL;
  }
  png_set_read_fn(file->png, file, take);
  // Colour profiles, comments and the like are not even unpacked.
  png_set_keep_unknown_chunks(file->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_read_info(file->png, file->info);
  header->width = png_get_image_width(file->png, file->info);
  header->height = png_get_image_height(file->png, file->info);
  header->packed_bits =
      (uint32_t)png_get_channels(file->png, file->info) * png_get_bit_depth(file->png, file->info);
  png_set_expand(file->png);
  png_set_scale_16(file->png);
  png_set_interlace_handling(file->png);
  png_read_update_info(file->png, file->info);
  header->layout = (descent_layout)png_get_channels(file->png, file->info);
  header->held_bits = 8 * (uint32_t)png_get_channels(file->png, file->info);
  file->height = header->height;
  return file;
}

bool descent_png_read(descent_png *file, uint8_t *pixels, char *message) {
  memset(message, 0, DESCENT_MESSAGE_LENGTH);
  file->message = message;
  if (setjmp(png_jmpbuf(file->png))) return false;
  size_t row_bytes = png_get_rowbytes(file->png, file->info);
  int passes = png_get_interlace_type(file->png, file->info) == PNG_INTERLACE_NONE ? 1 : PNG_INTERLACE_ADAM7_PASSES;
  for (int pass = 0; pass < passes; pass++) {
    for (uint32_t row = 0; row < file->height; row++) png_read_row(file->png, pixels + row * row_bytes, NULL);
  }
  // The chunks to the end are read, so that a file that lacks its end is known.
  png_read_end(file->png, NULL);
  return true;
}

// The interface for whole pictures catches its errors by itself.
static png_image described(uint32_t width, uint32_t height, int32_t channels) {
  png_image image = {.version = PNG_IMAGE_VERSION, .width = width, .height = height};
  image.format = channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  return image;
}

size_t descent_png_bound(uint32_t width, uint32_t height, int32_t channels) {
  png_image image = described(width, height, channels);
  return PNG_IMAGE_PNG_SIZE_MAX(image);
}

size_t descent_png_write(
    const uint8_t *pixels, uint32_t width, uint32_t height, int32_t channels, uint8_t *file, size_t capacity,
    char *message) {
  png_image image = described(width, height, channels);
  png_alloc_size_t count = capacity;
  int written = png_image_write_to_memory(&image, file, &count, 0, pixels, 0, NULL);
  memset(message, 0, DESCENT_MESSAGE_LENGTH);
  strncpy(message, image.message, sizeof image.message - 1);
  return written ? count : 0;
}
#endif
