/* What goes and what comes where one list takes the place of another: it is told, as nobody sees it in the new list. */
#ifndef COORDCTL_LISTS_H
#define COORDCTL_LISTS_H

#include <jansson.h>
#include <stddef.h>

/* Of arrays of texts: "ubt, so-tnmt", which are in the first and not in the second. NULL is an empty array. What has no room
 * ends in an ellipsis. */
void lists_gone(const json_t *before, const json_t *after, char *text, size_t size);

#endif
