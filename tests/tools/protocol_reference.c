/* Fills in the protocol's page: a line of the template that is @requests@, @messages@, @terms@ or @errors@ is replaced
 * by what the tables say. Usage: protocol_reference TEMPLATE > PROTOCOL.md
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

static const struct message *const messages[] = {
#define X(CONSTANT, name, sentence) &message_##name,
    COORD_MESSAGES(X)
#undef X
};

static const struct vocabulary *const vocabularies[] = {
#define V(name, CONSTANT, vi, sentence) &vocabulary_##name,
    TERM_VOCABULARIES(V)
#undef V
};

/* `|` would end a cell of the table. */
static void print_cell(const char *text)
{
    for (; *text; text++) {
        if (*text == '|')
            putchar('\\');
        putchar(*text);
    }
}

/* ---- requests ---- */

static const char *class_name(enum op_class class)
{
    static const char *const names[] = {"read", "change", "stream", "broker", "batch"};
    return names[class];
}

static void print_requests(void)
{
    puts("| op | fields | right | class | reply | |\n|---|---|---|---|---|---|");
    for (int op = OP_NONE + 1; op < OP_COUNT; op++) {
        const struct op_row *row = op_row((enum op)op);
        const char *right = row->right ? term_name(&vocabulary_right, row->right) : "any";
        printf("| `%s` | [%s](#%s) | %s | %s | [%s](#%s) | ", row->name, row->request->name, row->request->name, right,
               class_name(row->class), row->reply->name, row->reply->name);
        print_cell(row->sentence);
        puts(" |");
    }
}

/* ---- messages ---- */

static void print_type(const struct field *field)
{
    static const char *const plain[] = {[FIELD_U64] = "uint",
                                        [FIELD_I64] = "int",
                                        [FIELD_NUM] = "number",
                                        [FIELD_FLAG] = "bool",
                                        [FIELD_TIME] = "time",
                                        [FIELD_TEXT] = "text",
                                        [FIELD_DAY] = "day",
                                        [FIELD_BYTES] = "bin",
                                        [FIELD_TEXTS] = "array of text",
                                        [FIELD_U64S] = "array of uint",
                                        [FIELD_RAWS] = "array of map"};
    switch (field->type) {
    case FIELD_TERM:
        printf("term of [%s](#terms-%s)", field->vocabulary->name, field->vocabulary->name);
        break;
    case FIELD_TERMS:
        printf("array of terms of [%s](#terms-%s)", field->vocabulary->name, field->vocabulary->name);
        break;
    case FIELD_MESSAGE:
        printf("map: [%s](#%s)", field->message->name, field->message->name);
        break;
    case FIELD_MESSAGES:
        printf("array of map: [%s](#%s)", field->message->name, field->message->name);
        break;
    default:
        fputs(plain[field->type], stdout);
    }
}

static void print_number(uint64_t number, bool negative)
{
    if (number == INT64_MAX || number == UINT64_MAX)
        fputs("2^63-1", stdout);
    else
        printf("%s%" PRIu64, negative ? "-" : "", number);
}

static void print_bounds(const struct field *field)
{
    static const char *const units[] = {[FIELD_TEXT] = " bytes", [FIELD_BYTES] = " bytes", [FIELD_TEXTS] = " items",
                                        [FIELD_U64S] = " items", [FIELD_RAWS] = " items",  [FIELD_MESSAGES] = " items"};
    const bool bounded = field->type == FIELD_U64 || field->type == FIELD_I64 ||
                         (field->type < (int)(sizeof units / sizeof *units) && units[field->type]);
    if (!bounded || (field->min == INT64_MIN && field->max == INT64_MAX))
        return;
    print_number(field->min < 0 ? 0 - (uint64_t)field->min : (uint64_t)field->min, field->min < 0);
    fputs(" to ", stdout);
    print_number(field->max, false);
    if (field->type != FIELD_U64 && field->type != FIELD_I64)
        fputs(units[field->type], stdout);
}

static void print_messages(void)
{
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        const struct message *message = messages[i];
        printf("#### %s\n\n%s\n", message->name, message->sentence);
        if (message->count > 0)
            puts("\n| field | type | bounds | | |\n|---|---|---|---|---|");
        for (uint16_t f = 0; f < message->count; f++) {
            const struct field *field = &message->fields[f];
            printf("| `%s` | ", field->name);
            print_type(field);
            fputs(" | ", stdout);
            print_bounds(field);
            printf(" | %s | ", field->required ? "required" : "");
            print_cell(field->sentence);
            puts(" |");
        }
        putchar('\n');
    }
}

/* ---- terms and errors ---- */

static void print_terms(void)
{
    for (size_t i = 0; i < sizeof vocabularies / sizeof *vocabularies; i++) {
        const struct vocabulary *vocabulary = vocabularies[i];
        /* Not the bare name: a message may have the same, and then its anchor. */
        printf("#### terms: %s\n\n%s (%s)\n\n| term | in Vietnamese | |\n|---|---|---|\n", vocabulary->name,
               vocabulary->sentence, vocabulary->vi);
        for (int t = 0; t < vocabulary->count; t++) {
            const struct term *term = &vocabulary->terms[t];
            printf("| `%s` | %s | ", term->name, term->vi);
            print_cell(term->sentence);
            puts(" |");
        }
        putchar('\n');
    }
}

static void print_errors(void)
{
    puts("| error | code | retry | |\n|---|---|---|---|");
#define E(constant, number, name, retry, sentence)                                                                     \
    printf("| `%s` | %d | %s | ", name, number, (retry) ? "yes" : "");                                                 \
    print_cell(sentence);                                                                                              \
    puts(" |");
    COORD_ERRORS(E)
#undef E
}

/* ---- the page ---- */

static const struct part {
    const char *mark;
    void (*print)(void);
} parts[] = {{"@requests@\n", print_requests},
             {"@messages@\n", print_messages},
             {"@terms@\n", print_terms},
             {"@errors@\n", print_errors}};

static void print_line(const char *line)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strcmp(line, parts[i].mark) == 0) {
            parts[i].print();
            return;
        }
    fputs(line, stdout);
}

int main(int argc, char **argv)
{
    char line[4096];
    FILE *template = argc == 2 ? fopen(argv[1], "r") : NULL;
    if (!template) {
        fprintf(stderr, "usage: protocol_reference TEMPLATE\n");
        return 1;
    }
    while (fgets(line, sizeof line, template))
        print_line(line);
    fclose(template);
    return ferror(stdout) ? 1 : 0;
}
