/* Fills in the protocol's page: a line of the template that is one of the marks below, like @requests@, is replaced by
 * what the tables say; and a manual page's: @fields MESSAGE@ becomes a table of the members of its struct,
 * and @values MESSAGE@ one of what JSON has in their place.
 * Usage: protocol_reference TEMPLATE > PROTOCOL.md
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/actions.h"
#include "message.h"
#include "protocol_causes.h"
#include "protocol_vectors.h"

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
               class_name(row->touches), row->reply->name, row->reply->name);
        print_cell(row->sentence);
        puts(" |");
    }
}

/* ---- actions ---- */

static void print_states(uint32_t states)
{
    const char *between = "";
    if (states == STATES_ALL) {
        fputs("any", stdout);
        return;
    }
    if (states == STATES_OPEN) {
        fputs("any but completed and cancelled", stdout);
        return;
    }
    for (int state = 1; state < STATE_END; state++)
        if (states & TERM_BIT(state)) {
            printf("%s%s", between, term_name(&vocabulary_state, state));
            between = ", ";
        }
}

#define ESCALATED_EVER "those that an escalation is addressed to"

/* Each role once, in the order of their numbers. `escalated` is what those of an escalation are called: only an open one
 * has anybody told, while any lets them do what their role may. */
static void print_roles(uint32_t roles, const char *escalated)
{
    const char *const phrases[ROLE_END] = {
        [ROLE_LEAD_SUPERIOR] = "the agency right above the lead", [ROLE_ESCALATED] = escalated};
    const char *between = "";
    if ((roles & ROLES_EVERYBODY) == ROLES_EVERYBODY) {
        fputs("all with a role", stdout);
        roles &= ~(uint32_t)(ROLES_EVERYBODY);
        between = ", ";
    }
    for (int role = 1; role < ROLE_END; role++)
        if (roles & TERM_BIT(role)) {
            printf("%s%s", between, phrases[role] ? phrases[role] : term_name(&vocabulary_role, role));
            between = ", ";
        }
}

/* Who may in some of the states alone is a line of its own. */
static void print_who(const struct action_row *row)
{
    const char *between = "";
    uint32_t everywhere = 0;
    for (int role = 1; role < ROLE_END; role++)
        everywhere |= row->may[role] == row->from ? TERM_BIT(role) : 0;
    if (everywhere) {
        print_roles(everywhere, ESCALATED_EVER);
        between = "; ";
    }
    for (int role = 1; role < ROLE_END; role++)
        if (row->may[role] && row->may[role] != row->from) {
            fputs(between, stdout);
            print_roles(TERM_BIT(role), ESCALATED_EVER);
            fputs(" when ", stdout);
            print_states(row->may[role]);
            between = "; ";
        }
}

static void print_actions(void)
{
    puts("| action | in state | then | who may |\n|---|---|---|---|");
    for (int action = 1; action < ACTION_END; action++) {
        const struct action_row *row = action_row(action);
        if (!row->from)
            continue; /* it makes the task */
        printf("| `%s` | ", term_name(&vocabulary_action, action));
        print_states(row->from);
        printf(" | %s | ", row->to == ACTION_STAYS     ? "stays"
                           : row->to == ACTION_RESUMES ? "the state before"
                                                       : term_name(&vocabulary_state, row->to));
        print_who(row);
        puts(" |");
    }
}

static void print_notices(void)
{
    puts("| action | `notice` | `severity` | told |\n|---|---|---|---|");
    for (int action = 1; action < ACTION_END; action++) {
        const struct action_row *row = action_row(action);
        printf("| `%s` | %s | %s | ", term_name(&vocabulary_action, action), term_name(&vocabulary_notice, row->notice),
               term_name(&vocabulary_severity, row->severity));
        print_roles(row->told, "those that an open escalation is addressed to");
        puts(" |");
    }
}

/* ---- messages ---- */

static const char *plain_type(const struct field *field)
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
    return plain[field->type];
}

static void print_type(const struct field *field)
{
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
        fputs(plain_type(field), stdout);
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
    static const char *const rules[] = {[TEXT_ANY] = "", [TEXT_LINE] = ", one line", [TEXT_WORDS] = ", not blank"};
    const bool bounded = field->type == FIELD_U64 || field->type == FIELD_I64 ||
                         (field->type < (int)(sizeof units / sizeof *units) && units[field->type]);
    if (!bounded || (field->min == INT64_MIN && field->max == INT64_MAX))
        return;
    print_number(field->min < 0 ? 0 - (uint64_t)field->min : (uint64_t)field->min, field->min < 0);
    fputs(" to ", stdout);
    print_number(field->max, false);
    if (field->type != FIELD_U64 && field->type != FIELD_I64)
        fputs(units[field->type], stdout);
    fputs(rules[field->rule], stdout);
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
    puts("| error | code | retry | what it says | when it comes |\n|---|---|---|---|---|");
#define E(constant, number, name, retry, sentence)                                                                     \
    printf("| `%s` | %d | %s | ", name, number, (retry) ? "yes" : "");                                                 \
    print_cell(sentence);                                                                                              \
    fputs(" | ", stdout);                                                                                              \
    print_cell(error_cause(number));                                                                                   \
    puts(" |");
    COORD_ERRORS(E)
#undef E
}

/* ---- a message as a manual page has it: the members of its struct ---- */

static const char *c_type(const struct field *field)
{
    static const char *const plain[] = {
        [FIELD_U64] = "uint64_t",     [FIELD_I64] = "int64_t",       [FIELD_NUM] = "double",
        [FIELD_FLAG] = "bool",        [FIELD_TIME] = "int64_t, ms",  [FIELD_TEXT] = "struct text",
        [FIELD_DAY] = "struct text",  [FIELD_BYTES] = "struct text", [FIELD_TEXTS] = "struct texts",
        [FIELD_U64S] = "struct u64s", [FIELD_RAWS] = "struct texts", [FIELD_TERM] = "int",
        [FIELD_TERMS] = "uint32_t",   [FIELD_MESSAGE] = "struct",    [FIELD_MESSAGES] = "items"};
    return plain[field->type];
}

/* `*` and `_` would begin other type, but for a `_` within a word. Of a link, `[words](#place)`, the words. */
static void print_scdoc(const char *text)
{
    for (const char *at = text; *at; at++) {
        if (*at == '[')
            continue;
        if (strncmp(at, "](", 2) == 0) {
            at += strcspn(at, ")");
            if (!*at)
                break;
            continue;
        }
        if (*at == '*' || (*at == '_' && (at == text || at[-1] == ' ' || at[-1] == '`')))
            putchar('\\');
        putchar(*at);
    }
}

/* A term's name has a `_` where words have a space. */
static void print_scdoc_term(const char *name)
{
    for (; *name; name++)
        printf(*name == '_' ? "\\_" : "%c", *name);
}

/* Without links, as JSON has it. */
static void print_plain_type(const struct field *field)
{
    const bool many = field->type == FIELD_TERMS || field->type == FIELD_MESSAGES;
    if (field->vocabulary) {
        fputs(many ? "an array of" : "one of", stdout);
        for (int t = 0; t < field->vocabulary->count; t++) {
            fputs(t ? ", *" : " *", stdout);
            print_scdoc_term(field->vocabulary->terms[t].name);
            fputs("*", stdout);
        }
    } else if (field->message)
        printf("%s: *%s*", many ? "array of objects" : "object", field->message->name);
    else
        fputs(field->type == FIELD_U64 || field->type == FIELD_I64 ? "whole number" : plain_type(field), stdout);
}

/* What a file does not say in a message that it is read into: a dry run is of the whole file, by an option; leads are named. */
static bool is_not_of_a_file(const struct field *field)
{
    return strcmp(field->name, "dry_run") == 0 || strcmp(field->name, "children_of") == 0;
}

static void print_fields(const struct message *message, bool in_c)
{
    for (uint16_t f = 0; f < message->count; f++) {
        const struct field *field = &message->fields[f];
        const char *side = f == 0 ? "[" : " ";
        if (!in_c && is_not_of_a_file(field))
            continue;
        printf("|%s *%s*\n:%s ", side, field->name, side);
        if (!in_c)
            print_plain_type(field);
        else if (field->vocabulary)
            printf("%s *%s*", field->type == FIELD_TERM ? "a term of" : "a set of terms of", field->vocabulary->name);
        else if (field->message)
            printf("struct *msg_%s%s*", field->message->name, field->type == FIELD_MESSAGES ? "_items" : "");
        else
            fputs(c_type(field), stdout);
        printf("\n:%s ", side);
        print_scdoc(field->sentence);
        putchar('\n');
    }
}

/* Whether the line is @fields MESSAGE@ or @values MESSAGE@; then its table is printed. */
static bool print_as_fields(const char *line)
{
    char what[16], name[64], end[2];
    if (sscanf(line, "@%15[a-z] %63[a-z_]%1[@]", what, name, end) != 3 ||
        (strcmp(what, "fields") != 0 && strcmp(what, "values") != 0))
        return false;
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
        if (strcmp(messages[i]->name, name) == 0) {
            print_fields(messages[i], what[0] == 'f');
            return true;
        }
    fprintf(stderr, "there is no message %s\n", name);
    exit(1);
}

/* ---- the page ---- */

static const struct part {
    const char *mark;
    void (*print)(void);
} parts[] = {{"@requests@\n", print_requests}, {"@actions@\n", print_actions}, {"@notices@\n", print_notices},
             {"@messages@\n", print_messages}, {"@terms@\n", print_terms},     {"@errors@\n", print_errors}};

static void print_line(const char *line)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strcmp(line, parts[i].mark) == 0) {
            parts[i].print();
            return;
        }
    if (!print_as_fields(line) && !print_as_vector(line))
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
