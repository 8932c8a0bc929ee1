#include "pages.h"

#include <stdio.h>
#include <string.h>

#include "layout.h"

void page_head(struct text id, struct text name)
{
    const char *bold = output_has_colour() ? "\033[1m" : "", *plain = output_has_colour() ? "\033[0m" : "";
    const char *shown = output_plain(id);
    char text[1100];
    printf("%s%-*s", bold, PAGE_LABEL - 1, shown);
    snprintf(text, sizeof text, "%.*s", TEXT_ARGS(name));
    if (layout_columns(shown, strlen(shown)) >= PAGE_LABEL) /* too long to stand beside the name */
        printf("\n%*s", PAGE_LABEL, "");
    else
        putchar(' ');
    layout_print(PAGE_LABEL, text);
    fputs(plain, stdout);
}

void page_line(const char *label, const char *text)
{
    printf("%-*s", PAGE_LABEL, label);
    layout_print(PAGE_LABEL, text);
}
