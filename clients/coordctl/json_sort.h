/* The order in which people look for names. */
#ifndef COORDCTL_JSON_SORT_H
#define COORDCTL_JSON_SORT_H

#include <jansson.h>

/* Puts an array of objects in the order of a member's texts, by layout_compare. */
void json_sort(json_t **array, const char *member);

#endif
