/* Fills in coordd.conf(5): the template's line @settings@ is replaced by what config.def.h says, in scdoc's format.
 * Usage: config_reference TEMPLATE > coordd.conf.5.scd
 * Without a template: a coordd.conf that has every setting with its default, each behind a #.
 */
#include <stdio.h>
#include <string.h>

#include "config.def.h"

#define STANDARD_text(value)     value
#define STANDARD_endpoint(value) value
#define STANDARD_places(value)   value
#define STANDARD_level(value)    value
#define STANDARD_store(value)    value
#define STANDARD_tls(value)      value
#define STANDARD_role(value)     value
#define STANDARD_number(value)   #value

/* scdoc takes these for marks. */
static void print_escaped(const char *text)
{
    for (; *text; text++) {
        if (strchr("*_\\[]#|~", *text))
            putchar('\\');
        putchar(*text);
    }
}

static void print_setting(const char *section, const char *type, const char *name, const char *standard, double min,
                          double max, const char *sentence)
{
    static const char *current = "";
    if (strcmp(current, section) != 0)
        printf("## [%s]\n\n", section);
    current = section;
    printf("*%s*\n\t", name);
    print_escaped(sentence);
    if (strcmp(type, "number") == 0)
        printf(" From %.0f to %.0f;", min, max);
    else if (strcmp(type, "number") != 0)
        printf(" At most %.0f bytes;", max);
    else
        fputs(" yes or no;", stdout);
    fputs(" default: ", stdout);
    print_escaped(standard[0] ? standard : "empty");
    puts(".\n");
}

static void print_example(const char *section, const char *name, const char *standard, const char *sentence)
{
    static const char *current = "";
    if (strcmp(current, section) != 0)
        printf("\n[%s]\n", section);
    current = section;
    printf("# %s\n#%s = %s\n", sentence, name, standard);
}

static void print_examples(void)
{
    puts("# Settings of coordd: coordd.conf(5). To be put at /etc/coordd/coordd.conf. What stands behind a # is the "
         "default.");
#define C(section, type, name, standard, min, max, sentence)                                                           \
    print_example(#section, #name, STANDARD_##type(standard), sentence);
    COORDD_SETTINGS(C)
#undef C
}

static void print_settings(void)
{
#define C(section, type, name, standard, min, max, sentence)                                                           \
    print_setting(#section, #type, #name, STANDARD_##type(standard), min, max, sentence);
    COORDD_SETTINGS(C)
#undef C
}

int main(int argc, char **argv)
{
    char line[4096];
    if (argc == 1) {
        print_examples();
        return ferror(stdout) ? 1 : 0;
    }
    FILE *template = argc == 2 ? fopen(argv[1], "r") : NULL;
    if (!template) {
        fprintf(stderr, "usage: config_reference [TEMPLATE]\n");
        return 1;
    }
    while (fgets(line, sizeof line, template)) {
        if (strcmp(line, "@settings@\n") == 0)
            print_settings();
        else
            fputs(line, stdout);
    }
    fclose(template);
    return ferror(stdout) ? 1 : 0;
}
