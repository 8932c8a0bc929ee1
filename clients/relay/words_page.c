/* Lines as text, and as HTML. */
#include "words_lines.h"

#include <string.h>

/* ---- text ---- */

static void text_line(void *into, const char *label, const char *value)
{
    buffer_printf(into, "%s: %s\n", label, value);
}

void words_text(const struct words *words, const struct notification *items, size_t count, struct buffer *out)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_printf(out, "\n");
        words_title(words, &items[i], out);
        buffer_printf(out, "\n");
        words_lines(words, &items[i], text_line, out);
    }
}

/* ---- HTML ---- */

static void html_text(struct buffer *out, const char *text)
{
    for (; *text; text++) {
        const char *escaped = *text == '<'   ? "&lt;"
                              : *text == '>' ? "&gt;"
                              : *text == '&' ? "&amp;"
                              : *text == '"' ? "&quot;"
                                             : NULL;
        if (escaped)
            buffer_append(out, escaped, strlen(escaped));
        else
            buffer_append(out, text, 1);
    }
}

static void html_line(void *into, const char *label, const char *value)
{
    const bool is_link = strncmp(value, "http://", 7) == 0 || strncmp(value, "https://", 8) == 0;
    buffer_printf(into, "<tr><th align=\"left\" valign=\"top\">");
    html_text(into, label);
    buffer_printf(into, "</th><td>");
    if (is_link) {
        buffer_printf(into, "<a href=\"");
        html_text(into, value);
        buffer_printf(into, "\">");
    }
    html_text(into, is_link ? label : value);
    buffer_printf(into, is_link ? "</a></td></tr>\n" : "</td></tr>\n");
}

void words_html(const struct words *words, const struct notification *items, size_t count, struct buffer *out)
{
    struct buffer title = {0};
    buffer_printf(out, "<!DOCTYPE html>\n<html lang=\"%s\"><body>\n", words->language == LANGUAGE_EN ? "en" : "vi");
    for (size_t i = 0; i < count; i++) {
        buffer_clear(&title);
        words_title(words, &items[i], &title);
        buffer_append(&title, "", 1);
        buffer_printf(out, "<h2>");
        html_text(out, title.data ? title.data : "");
        buffer_printf(out, "</h2>\n<table>\n");
        words_lines(words, &items[i], html_line, out);
        buffer_printf(out, "</table>\n");
    }
    buffer_printf(out, "</body></html>\n");
    buffer_done(&title);
}
