/* Runs the fault tests: fault --coordd PROGRAM [--row NAME[/PART]] [--full] */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fault/fault.h"

static const struct fault_row *const rows[] = {
    &kill_fault,  &sync_fault,   &power_fault,   &errno_fault,   &memory_fault,
    &full_fault,  &damage_fault, &crowd_fault,   &stalled_fault, &resend_fault,
    &clock_fault, &revoke_fault, &hostile_fault, &unfair_fault,  &soak_fault,
};

static int missed;

static void line(const char *word, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));

static void line(const char *word, const char *format, va_list arguments)
{
    printf("%-10s", word);
    vprintf(format, arguments);
    putchar('\n');
    fflush(stdout);
}

void fault_measured(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    line("measured", format, arguments);
    va_end(arguments);
}

void fault_missed(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    line("missed", format, arguments);
    va_end(arguments);
    missed++;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"coordd", required_argument, NULL, 'c'},
                                            {"directory", required_argument, NULL, 'd'},
                                            {"libraries", required_argument, NULL, 'l'},
                                            {"row", required_argument, NULL, 'r'},
                                            {"full", no_argument, NULL, 'f'},
                                            {NULL, 0, NULL, 0}};
    struct fault fault = {.rig = {"build/coordd", "build/fault"}, .libraries = "build"};
    const char *only = NULL;
    int ran = 0;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 'c':
            fault.rig.coordd = optarg;
            break;
        case 'd':
            fault.rig.directory = optarg;
            break;
        case 'l':
            fault.libraries = optarg;
            break;
        case 'r':
            only = strsep(&optarg, "/");
            fault.part = optarg;
            break;
        case 'f':
            fault.full = true;
            break;
        default:
            return 64;
        }
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (only && strcmp(only, rows[i]->name) != 0)
            continue;
        printf("%s: %s\n", rows[i]->name, rows[i]->sentence);
        fflush(stdout);
        rows[i]->run(&fault);
        ran++;
    }
    if (ran == 0) {
        fprintf(stderr, "fault: no row `%s`; there are", only);
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            fprintf(stderr, " %s", rows[i]->name);
        fputc('\n', stderr);
        return 64;
    }
    return fault.full && missed > 0 ? 1 : 0;
}
