/* The built pages: read whole at the start, compressed once, served from memory. */
#ifndef WEB_FRONT_H
#define WEB_FRONT_H

#include <stdbool.h>
#include <stddef.h>

#define FRONT_FILES_MAX 512                /* Vite makes some 20 */
#define FRONT_BYTES_MAX (32 * 1024 * 1024) /* of all: a page that is a hundred times too large yet */
#define FRONT_DEEP_MAX  4

struct web;
struct front;
struct request;

/* Reads a directory; one that is not there, or holds no index.html, gives pages that say how to build it. */
struct front *front_open(const char *directory);
void front_free(struct front *front);

#endif
