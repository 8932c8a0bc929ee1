#include "json_print.h"

#include <string.h>
#include <utf8proc.h>

#include "number.h"
#include "plain.h"

struct printing {
    FILE *file;
    enum json_layout layout;
    int depth;
};

static void print_value(struct printing *printing, const json_t *value);

static void print_string(struct printing *printing, const char *text, size_t size)
{
    static const char marks[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    fputc('"', printing->file);
    for (size_t at = 0; at < size;) {
        utf8proc_int32_t point;
        const utf8proc_ssize_t step = utf8proc_iterate((const utf8proc_uint8_t *)text + at,
                                                       (utf8proc_ssize_t)(size - at), &point);
        const size_t bytes = step > 0 ? (size_t)step : 1;
        const char *mark = step == 1 && point ? strchr(marks, point) : NULL;
        if (mark)
            fprintf(printing->file, "\\%c", letters[mark - marks]);
        else if (step > 0 && plain_is_harmful(point))
            fprintf(printing->file, "\\u%04x", (unsigned)point);
        else
            fwrite(text + at, 1, bytes, printing->file);
        at += bytes;
    }
    fputc('"', printing->file);
}

/* What stands between the members of an array or object: before the first, `count` is 0. */
static void print_gap(struct printing *printing, size_t count)
{
    if (count)
        fputc(',', printing->file);
    if (printing->layout == JSON_INDENTED)
        fprintf(printing->file, "\n%*s", 2 * printing->depth, "");
    else if (count && printing->layout == JSON_SPACED)
        fputc(' ', printing->file);
}

static void print_end(struct printing *printing, size_t count, char bracket)
{
    printing->depth--;
    if (count && printing->layout == JSON_INDENTED)
        fprintf(printing->file, "\n%*s", 2 * printing->depth, "");
    fputc(bracket, printing->file);
}

static void print_array(struct printing *printing, const json_t *array)
{
    const json_t *item;
    size_t i;
    fputc('[', printing->file);
    printing->depth++;
    json_array_foreach(array, i, item)
    {
        print_gap(printing, i);
        print_value(printing, item);
    }
    print_end(printing, json_array_size(array), ']');
}

static void print_object(struct printing *printing, const json_t *object)
{
    const char *key;
    json_t *value;
    size_t count = 0;
    fputc('{', printing->file);
    printing->depth++;
    /* jansson's iterators take no const, but change nothing. */
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        print_gap(printing, count++);
        print_string(printing, key, strlen(key));
        fputs(printing->layout == JSON_LINE ? ":" : ": ", printing->file);
        print_value(printing, value);
    }
    print_end(printing, count, '}');
}

static void print_value(struct printing *printing, const json_t *value)
{
    char number[NUMBER_TEXT];
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        print_object(printing, value);
        break;
    case JSON_ARRAY:
        print_array(printing, value);
        break;
    case JSON_STRING:
        print_string(printing, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER:
        fprintf(printing->file, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        break;
    case JSON_REAL:
        number_write(json_real_value(value), number);
        fputs(number, printing->file);
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        fputs(json_is_true(value) ? "true" : "false", printing->file);
        break;
    default:
        fputs("null", printing->file);
        break;
    }
}

void json_print(FILE *file, const json_t *value, enum json_layout layout)
{
    struct printing printing = {file, layout, 0};
    print_value(&printing, value);
}
