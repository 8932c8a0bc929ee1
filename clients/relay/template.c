#include "template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_BYTES 40 /* of a name between the braces; the longest has 12 */

static const char *const known[] = {
#define T(name, sentence) name,
    TEMPLATE_NAMES(T)
#undef T
};

/* The name at `{{`, without blanks; false when it is not closed or too long. `*behind` is what comes after `}}`. */
static bool name_at(const char *at, char name[NAME_MAX_BYTES + 1], const char **behind)
{
    const char *end = strstr(at, "}}");
    at += 2 + strspn(at + 2, " ");
    if (!end || end < at)
        return false;
    size_t size = (size_t)(end - at);
    while (size > 0 && at[size - 1] == ' ')
        size--;
    if (size > NAME_MAX_BYTES)
        return false;
    memcpy(name, at, size);
    name[size] = '\0';
    *behind = end + 2;
    return true;
}

bool template_check(const char *text, const char **bad)
{
    static char name[NAME_MAX_BYTES + 1];
    const char *behind;
    for (const char *at = text; (at = strstr(at, "{{")); at = behind) {
        bool found = false;
        if (!name_at(at, name, &behind)) {
            *bad = "{{ without }}";
            return false;
        }
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            found = found || strcmp(known[i], name) == 0;
        if (!found) {
            *bad = name;
            return false;
        }
    }
    return true;
}

const json_t *template_value(const json_t *values, const char *name)
{
    char part[NAME_MAX_BYTES + 1];
    while (values && *name) {
        const size_t size = strcspn(name, ".");
        snprintf(part, sizeof part, "%.*s", (int)size, name);
        values = json_object_get(values, part);
        name += size + (name[size] == '.');
    }
    return values;
}

static void put_value(const json_t *value, struct buffer *out)
{
    if (json_is_string(value)) {
        char *escaped = json_dumps(value, JSON_ENCODE_ANY);
        if (escaped)
            buffer_append(out, escaped + 1, strlen(escaped) - 2); /* without its quotes */
        free(escaped);
    } else if (json_is_integer(value)) {
        buffer_printf(out, "%lld", (long long)json_integer_value(value));
    }
}

void template_expand(const char *text, const json_t *values, struct buffer *out)
{
    char name[NAME_MAX_BYTES + 1];
    const char *at, *behind = text;
    for (; (at = strstr(behind, "{{")) && name_at(at, name, &text); behind = text) {
        buffer_append(out, behind, (size_t)(at - behind));
        put_value(template_value(values, name), out);
    }
    buffer_append(out, behind, strlen(behind));
}
