#include "answer.h"

#include <stdio.h>
#include <string.h>

#include "template.h"

static void text_of_value(const json_t *value, char text[80])
{
    if (json_is_string(value))
        snprintf(text, 80, "%s", json_string_value(value));
    else if (json_is_integer(value))
        snprintf(text, 80, "%lld", (long long)json_integer_value(value));
    else
        snprintf(text, 80, "%s",
                 json_is_true(value)    ? "true"
                 : json_is_false(value) ? "false"
                 : value                ? "…"
                                        : "absent");
}

bool answer_has(const struct pairs *wanted, const char *body, char why[200])
{
    json_t *object = wanted->count ? json_loads(body, 0, NULL) : NULL;
    bool has = true;
    for (size_t i = 0; has && i < wanted->count; i++) {
        char text[80];
        text_of_value(template_value(object, wanted->items[i].name), text);
        has = strcmp(text, wanted->items[i].value) == 0;
        if (!has)
            snprintf(why, 200, "its `answer` has %.40s %.60s, not %.40s", wanted->items[i].name, text,
                     wanted->items[i].value);
    }
    if (!has && !json_is_object(object))
        snprintf(why, 200, "its `answer` is no JSON object");
    json_decref(object);
    return has;
}
