/* What libFuzzer may put into an input, from the tables: `dictionary wire` has the keys, ops and terms as msgpack texts,
 * `dictionary json` as JSON strings, `dictionary ini` the settings of coordd.conf and of a context.
 */
#include <stdio.h>
#include <string.h>

#include "config.def.h"
#include "message.h"

static const char *form;

/* A text of at most 31 bytes has its size in the first byte: all names here are so short. */
static void entry(const char *name)
{
    if (strcmp(form, "wire") == 0)
        printf("\"\\x%02X%s\"\n", 0xA0 | (unsigned)strlen(name), name);
    else if (strcmp(form, "json") == 0)
        printf("\"\\\"%s\\\":\"\n", name);
    else
        printf("\"%s = \"\n", name);
}

static void terms(const struct vocabulary *vocabulary)
{
    for (int i = 0; i < vocabulary->count; i++)
        entry(vocabulary->terms[i].name);
}

static void wire_or_json(void)
{
#define F(type, name, need, lo, hi, sentence) entry(#name);
#define T(vocabulary, name, need, sentence)   entry(#name);
#define L(message, name, need, lo, hi, s)     entry(#name);
#define X(CONSTANT, name, sentence)           MSG_##CONSTANT(F, T, T, T, L)
    COORD_MESSAGES(X)
#undef X
#undef F
#undef T
#undef L
#define V(name, CONSTANT, vi, sentence) terms(&vocabulary_##name);
    TERM_VOCABULARIES(V)
#undef V
    for (enum op op = OP_NONE + 1; op < OP_COUNT; op++)
        entry(op_row(op)->name);
}

static void ini(void)
{
    static const char *const others[] = {"endpoint", "server_key", "agency", "public_key", "secret_key"};
#define C(section, type, name, standard, min, max, sentence) entry(#name);
    COORDD_SETTINGS(C)
#undef C
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        entry(others[i]);
    puts("\"[daemon]\"\n\"[limits]\"\n\"tcp://127.0.0.1:5670\"\n\"ipc:///run/c\"");
    puts("\"0000000000000000000000000000000000000000\"");
}

static void icalendar(void)
{
    static const char *const words[] = {"BEGIN:VEVENT\\x0A",
                                        "END:VEVENT\\x0A",
                                        "BEGIN:VCALENDAR\\x0A",
                                        "END:VCALENDAR",
                                        "DTSTART;VALUE=DATE:20240501\\x0A",
                                        "DTSTART:20240501T000000Z\\x0A",
                                        "DTEND:20240502\\x0A",
                                        "DURATION:P1D\\x0A",
                                        "RRULE:FREQ=",
                                        "DAILY",
                                        "WEEKLY",
                                        "MONTHLY",
                                        "YEARLY",
                                        ";COUNT=3",
                                        ";UNTIL=20260101",
                                        ";INTERVAL=2",
                                        ";BYDAY=1MO",
                                        ";BYMONTH=2",
                                        ";BYMONTHDAY=-1",
                                        ";BYSETPOS=1",
                                        "RDATE:20240503\\x0A",
                                        "EXDATE:20240501\\x0A",
                                        "RECURRENCE-ID:20240501\\x0A",
                                        "UID:1\\x0A",
                                        "SUMMARY:l\\xC3\\xA0m b\\xC3\\xB9\\x0A",
                                        "STATUS:CANCELLED\\x0A",
                                        "CATEGORIES:working day\\x0A"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        printf("\"%s\"\n", words[i]);
}

int main(int argc, char **argv)
{
    form = argc > 1 ? argv[1] : "wire";
    if (strcmp(form, "ini") == 0)
        ini();
    else
        wire_or_json();
    if (strcmp(form, "json") == 0)
        icalendar();
    return 0;
}
