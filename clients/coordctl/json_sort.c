#include "json_sort.h"

#include <stdlib.h>

#include "layout.h"

struct keyed {
    const char *key;
    json_t *value;
};

static int by_key(const void *a, const void *b)
{
    return layout_compare(((const struct keyed *)a)->key, ((const struct keyed *)b)->key);
}

void json_sort(json_t **array, const char *member)
{
    const size_t count = json_array_size(*array);
    struct keyed *sorted = calloc(count + 1, sizeof *sorted);
    json_t *result = json_array();
    if (!sorted || !result)
        abort();
    for (size_t i = 0; i < count; i++) {
        json_t *value = json_array_get(*array, i);
        const char *key = json_string_value(json_object_get(value, member));
        sorted[i] = (struct keyed){key ? key : "", value};
    }
    qsort(sorted, count, sizeof *sorted, by_key);
    for (size_t i = 0; i < count; i++)
        json_array_append(result, sorted[i].value);
    json_decref(*array);
    *array = result;
    free(sorted);
}
