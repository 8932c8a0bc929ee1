/* Whole files, read and written in one go. */
#ifndef COORDD_TESTS_UNIT_JOURNAL_FILE_H
#define COORDD_TESTS_UNIT_JOURNAL_FILE_H

#include <stdbool.h>
#include <stddef.h>

void *file_read(const char *path, size_t *size); /* for the caller to free */
void file_write(const char *path, const void *bytes, size_t size);
bool file_is_there(const char *path);

#endif
