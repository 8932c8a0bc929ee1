#include "exposition.h"

void exposition_head(struct buffer *out, const char *name, const char *type, const char *help)
{
    buffer_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void exposition_label(struct buffer *out, const char *name, const char *value)
{
    buffer_printf(out, "%s=\"", name);
    for (; *value; value++) {
        if (*value == '"' || *value == '\\')
            buffer_append(out, "\\", 1);
        buffer_append(out, *value == '\n' ? " " : value, 1);
    }
    buffer_append(out, "\"", 1);
}
