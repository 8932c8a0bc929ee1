#include "plain.h"

#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

bool plain_is_harmful(int32_t point)
{
    return point < 0x20 || (point >= 0x7F && point < 0xA0) || (point >= 0x202A && point <= 0x202E) ||
           (point >= 0x2066 && point <= 0x2069) || point == 0x2028 || point == 0x2029;
}

void plain_copy(const char *from, size_t from_size, bool lines, char *to, size_t size)
{
    size_t used = 0;
    to[0] = '\0';
    for (size_t at = 0; at < from_size;) {
        char shown[16];
        utf8proc_int32_t point = -1;
        const utf8proc_ssize_t step = utf8proc_iterate((const utf8proc_uint8_t *)from + at,
                                                       (utf8proc_ssize_t)(from_size - at), &point);
        const size_t bytes = step > 0 ? (size_t)step : 1;
        const char byte = from[at];
        int added;
        if (step <= 0)
            added = snprintf(shown, sizeof shown, "<0x%02X>", (unsigned char)byte);
        else if (byte == '\n' || byte == '\t' || (byte == '\r' && !lines))
            added = snprintf(shown, sizeof shown, "%c", lines ? byte : ' ');
        else if (plain_is_harmful(point))
            added = snprintf(shown, sizeof shown, "<U+%04X>", (unsigned)point);
        else
            added = snprintf(shown, sizeof shown, "%.*s", (int)bytes, from + at);
        if (used + (size_t)added >= size)
            return;
        memcpy(to + used, shown, (size_t)added + 1);
        used += (size_t)added;
        at += bytes;
    }
}

void plain_put_address(struct buffer *out, const char *text)
{
    static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (; *text; text++) {
        if (strchr(unreserved, *text))
            buffer_append(out, text, 1);
        else
            buffer_printf(out, "%%%02X", (unsigned char)*text);
    }
}
