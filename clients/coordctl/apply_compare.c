/* What stands beside what a file says: whether it is the same, and else from what to what each field goes. */
#include <stdio.h>
#include <string.h>

#include "applying.h"
#include "json_write.h"
#include "lists.h"

/* What is as good as absent goes, so that two ways to say the same are equal. */
void applying_simplify(json_t *value)
{
    const char *key;
    json_t *member;
    void *next;
    size_t i;
    if (json_is_array(value))
        json_array_foreach(value, i, member) applying_simplify(member);
    json_object_foreach_safe(value, next, key, member)
    {
        applying_simplify(member);
        if ((json_is_string(member) && json_string_length(member) == 0) ||
            (json_is_array(member) && json_array_size(member) == 0) || strcmp(key, "version") == 0 ||
            (strcmp(key, "assignable") == 0 && json_is_true(member)))
            json_object_del(value, key);
    }
}

json_t *applying_simple(const struct message *message, const void *item)
{
    json_t *object = json_write(message, item);
    applying_simplify(object);
    return object;
}

static bool is_plain(const json_t *value)
{
    return !json_is_array(value) && !json_is_object(value);
}

#define VALUE_SHOWN 60 /* bytes */

/* In quotes where it is of several words; whole characters of it. */
static void cut(const char *value, char *text, size_t size)
{
    const char *quote = strpbrk(value, " \n,") ? "\"" : "";
    size_t shown = strlen(value);
    const bool is_long = shown > VALUE_SHOWN;
    if (is_long)
        shown = VALUE_SHOWN;
    while (is_long && shown > 0 && ((unsigned char)value[shown] & 0xC0) == 0x80)
        shown--;
    snprintf(text, size, "%s%.*s%s%s", quote, (int)shown, value, is_long ? "…" : "", quote);
    for (char *at = text; *at; at++)
        if (*at == '\n')
            *at = ' ';
}

void applying_value(const json_t *value, char *text, size_t size)
{
    if (json_is_string(value) && json_string_length(value) > 0)
        cut(json_string_value(value), text, size);
    else if (json_is_integer(value))
        snprintf(text, size, "%lld", (long long)json_integer_value(value));
    else if (json_is_real(value))
        snprintf(text, size, "%g", json_real_value(value));
    else if (json_is_boolean(value))
        snprintf(text, size, "%s", json_is_true(value) ? "yes" : "no");
    else
        snprintf(text, size, "none");
}

void applying_name_field(const char *name, const json_t *there, const json_t *wanted, char *names, size_t size)
{
    char gone[300], come[300], old[80], new[80];
    const size_t used = strlen(names);
    lists_gone(there, wanted, gone, sizeof gone);
    lists_gone(wanted, there, come, sizeof come);
    snprintf(names + used, size - used, "%s%s", used ? ", " : "", name);
    const size_t named = strlen(names);
    if (gone[0] || come[0])
        snprintf(names + named, size - named, " (%s%s%s%s%s)", gone[0] ? "no longer " : "", gone,
                 gone[0] && come[0] ? "; " : "", come[0] ? "now also " : "", come);
    else if (is_plain(there) && is_plain(wanted)) {
        applying_value(there, old, sizeof old);
        applying_value(wanted, new, sizeof new);
        snprintf(names + named, size - named, " %s → %s", old, new);
    }
}

void applying_differences(const json_t *there, const json_t *wanted, char *names, size_t size)
{
    const char *key;
    json_t *value;
    names[0] = '\0';
    json_object_foreach((json_t *)(uintptr_t)there, key, value)
    {
        const json_t *other = json_object_get(wanted, key);
        if (!other || !json_equal(value, other))
            applying_name_field(key, value, other, names, size);
    }
    json_object_foreach((json_t *)(uintptr_t)wanted, key, value)
    {
        if (!json_object_get(there, key))
            applying_name_field(key, NULL, value, names, size);
    }
}
