#include "lists.h"

#include <stdbool.h>
#include <stdio.h>

static bool has(const json_t *array, const json_t *value)
{
    size_t i;
    const json_t *member;
    json_array_foreach(array, i, member) if (json_equal(member, value)) return true;
    return false;
}

void lists_gone(const json_t *before, const json_t *after, char *text, size_t size)
{
    size_t i, used = 0;
    const json_t *member;
    text[0] = '\0';
    json_array_foreach(before, i, member)
    {
        if (!json_is_string(member) || has(after, member))
            continue;
        const bool fits = used + json_string_length(member) + sizeof ", , …" <= size;
        used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "",
                                 fits ? json_string_value(member) : "…");
        if (!fits)
            return;
    }
}
