#ifdef DESCENT_PICTURES
#include "CPictures.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

struct descent_jpeg {
  struct jpeg_decompress_struct jpeg;
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  jmp_buf caller;
  int32_t scan_limit;
  char *message;
};

_Static_assert(DESCENT_MESSAGE_LENGTH >= JMSG_LENGTH_MAX, "libjpeg's longest message fits");

static void fail(j_common_ptr jpeg) {
  descent_jpeg *file = jpeg->client_data;
  jpeg->err->format_message(jpeg, file->message);
  longjmp(file->caller, 1);
}

// libjpeg warns of damage and goes on with grey; here that is an error. Harmless are bytes that belong to nothing, which
// many cameras write, and versions or profiles that it does not know.
static void judge(j_common_ptr jpeg, int level) {
  if (level >= 0) return;
  switch (jpeg->err->msg_code) {
    case JWRN_EXTRANEOUS_DATA:
    case JWRN_JFIF_MAJOR:
    case JWRN_ADOBE_XFORM: return;
    default: fail(jpeg);
  }
}

static void count_scans(j_common_ptr jpeg) {
  descent_jpeg *file = jpeg->client_data;
  if (file->jpeg.input_scan_number <= file->scan_limit) return;
  snprintf(file->message, DESCENT_MESSAGE_LENGTH, "more than %d passes over the picture", file->scan_limit);
  longjmp(file->caller, 1);
}

void descent_jpeg_close(descent_jpeg *file) {
  jpeg_destroy_decompress(&file->jpeg);
  free(file);
}

descent_jpeg *descent_jpeg_open(const uint8_t *bytes, size_t count, descent_picture_header *header, char *message) {
  memset(message, 0, DESCENT_MESSAGE_LENGTH);
  descent_jpeg *file = calloc(1, sizeof *file);
  if (file == NULL) return NULL;
  file->message = message;
  struct jpeg_decompress_struct *jpeg = &file->jpeg;
  jpeg->err = jpeg_std_error(&file->errors);
  jpeg->client_data = file;
  file->errors.error_exit = fail;
  file->errors.emit_message = judge;
  if (setjmp(file->caller)) {
    descent_jpeg_close(file);
    return NULL;
  }
  jpeg_create_decompress(jpeg);
  jpeg_mem_src(jpeg, bytes, count);
  jpeg_read_header(jpeg, TRUE);
  header->width = jpeg->image_width;
  header->height = jpeg->image_height;
  header->packed_bits = 8 * (uint32_t)jpeg->num_components;
  // of a picture in several passes libjpeg keeps all coefficients, which have 16 bits
  header->held_bits = (jpeg_has_multiple_scans(jpeg) ? 24 : 8) * (uint32_t)jpeg->num_components;
  switch (jpeg->jpeg_color_space) {
    case JCS_GRAYSCALE:
      jpeg->out_color_space = JCS_GRAYSCALE;
      header->layout = DESCENT_GREY;
      break;
    case JCS_CMYK:
    case JCS_YCCK:
      jpeg->out_color_space = JCS_CMYK;
      header->layout = jpeg->saw_Adobe_marker ? DESCENT_CMYK_INVERTED : DESCENT_CMYK;
      break;
    default:
      jpeg->out_color_space = JCS_RGB;
      header->layout = DESCENT_RGB;
  }
  return file;
}

bool descent_jpeg_read(descent_jpeg *file, uint8_t *pixels, int32_t scan_limit, char *message) {
  struct jpeg_decompress_struct *jpeg = &file->jpeg;
  memset(message, 0, DESCENT_MESSAGE_LENGTH);
  file->message = message;
  file->scan_limit = scan_limit;
  file->progress.progress_monitor = count_scans;
  jpeg->progress = &file->progress;
  if (setjmp(file->caller)) return false;
  jpeg_start_decompress(jpeg);
  size_t row_bytes = (size_t)jpeg->output_width * (size_t)jpeg->output_components;
  while (jpeg->output_scanline < jpeg->output_height) {
    JSAMPROW row = pixels + jpeg->output_scanline * row_bytes;
    jpeg_read_scanlines(jpeg, &row, 1);
  }
  jpeg_finish_decompress(jpeg);
  return true;
}
#endif
