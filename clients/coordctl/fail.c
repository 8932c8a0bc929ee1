/* What went wrong, in a clerk's words: the option that is meant, what may have been meant, and what to type next. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "next.h"
#include "session.h"
#include "suggest.h"

/* ---- fields of the wire, as they are called on a command line ---- */

/* Fields that an option of another name fills in; of the others the option's name is the field's, with `-` for `_`. */
static const struct other_name {
    const char *field, *option;
} other_names[] = {
    {"leads", "to"},      {"lead", "to"},     {"evidence_files", "evidence"}, {"due_day", "due"},
    {"even_last", "yes"}, {"ask", "request"}, {"within_ms", "within"},
};

/* Fields of a command's words, where the word is called otherwise; OP_NONE: of any command on a task. */
static const struct operand_name {
    enum op op;
    const char *field, *operand;
} operand_names[] = {
    {OP_CALENDAR_EXPLAIN, "from", "FROM"},
    {OP_CALENDAR_EXPLAIN, "add", "COUNT"},
    {OP_BACKUP, "path", "NAME"},
    {OP_AGENCY_SET, "agency", "OLD"},
    {OP_AGENCY_SET, "successor", "NEW"},
    {OP_NONE, "reference", "TASK"},
    {OP_NONE, "content", ""}, /* all of it together: what is said of it names the options */
};

/* Fields of replies that a message speaks of, as the pages call them. */
static const struct shown_name {
    const char *field, *shown;
} shown_names[] = {
    {"asks", "request"},
};

/* The word of the command line that a field is; NULL when it is none. */
static const char *operand_of(const struct command *command, const char *field)
{
    if (!command)
        return NULL;
    if (command->operands[0] && strncasecmp(field, command->operands, strlen(field)) == 0 &&
        !command->operands[strlen(field)])
        return command->operands;
    for (size_t i = 0; i < sizeof operand_names / sizeof *operand_names; i++) {
        const struct operand_name *name = &operand_names[i];
        if (strcmp(field, name->field) == 0 &&
            (name->op == OP_NONE ? strcmp(command->noun, "task") == 0 : name->op == command->op))
            return name->operand;
    }
    return NULL;
}

/* The option of the command that fills in a field, "due" of `content.due`; false when none does. */
static bool option_of(const struct command *command, struct text field, char *option, size_t size)
{
    const char *begin = field.data, *end = field.data + field.size;
    for (const char *at = begin; at < end; at++)
        if (*at == '.')
            begin = at + 1;
    snprintf(option, size, "%.*s", (int)(end - begin), begin);
    option[strcspn(option, "[")] = '\0';
    for (size_t i = 0; i < sizeof other_names / sizeof *other_names; i++)
        if (strcmp(option, other_names[i].field) == 0 && !(command && command_takes(command, option)))
            snprintf(option, size, "%s", other_names[i].option);
    for (char *at = option; *at; at++)
        if (*at == '_')
            *at = '-';
    return option[0] && command && command_takes(command, option);
}

/* What a field is called where it is told: an option, or an operand; the path itself in a file, and of what is neither. */
static void name_field(const struct session *session, const char *field, char *name, size_t size)
{
    const struct command *command = session->arguments.command;
    const bool of_file = command && command_takes(command, "file");
    const char *last = strrchr(field, '.');
    const char *operand = of_file ? NULL : operand_of(command, last ? last + 1 : field);
    char option[64];
    if (of_file ? strcmp(field, "file") == 0 : option_of(command, text_of(field), option, sizeof option))
        snprintf(name, size, "--%s", of_file ? "file" : option);
    else
        snprintf(name, size, "%s", operand ? operand : field);
}

/* Whether the user typed the word, or chose it as the context: then it is theirs, whatever else is called so. */
static bool is_typed(const struct arguments *arguments, struct text word)
{
    const char *context = getenv("COORD_CONTEXT");
    bool typed = context && text_equal(text_of(context), word);
    for (size_t i = 0; i < arguments->given_count; i++)
        typed |= arguments->given[i].value && text_equal(text_of(arguments->given[i].value), word);
    for (int i = 0; i < arguments->operand_count; i++)
        typed |= text_equal(text_of(arguments->operands[i]), word);
    return typed;
}

/* The command that makes the request of a word such as agency_list, which is the wire's; NULL of any other. One of the same
 * name is meant before another that asks the same, as the inbox does. */
static const struct command *command_of(const char *word, size_t size)
{
    const struct command *found = NULL;
    if (!memchr(word, '_', size))
        return NULL;
    for (const struct command *command = commands; command->noun; command++) {
        const char *op = command->op == OP_NONE ? "" : op_row(command->op)->name;
        const size_t noun = strlen(command->noun);
        if (strlen(op) != size || memcmp(op, word, size) != 0)
            continue;
        if (strncmp(op, command->noun, noun) == 0 && op[noun] == '_' && strcmp(op + noun + 1, command->verb) == 0)
            return command;
        if (!found)
            found = command;
    }
    return found;
}

/* Whether it is the command's request that is meant, where a field is called so too: `answer` of a fault that is another's. */
static bool is_request(const struct command *command, struct text word, const char *at_fault)
{
    return command && command->op != OP_NONE && text_equal(word, text_of(op_row(command->op)->name)) &&
           !text_equal(word, text_of(at_fault));
}

/* What a field between accents is called here: the option that fills it in, the command's word, or what a page calls it; false of any
 * other word, which stays. */
static bool name_word(const struct session *session, const char *at_fault, struct text word, char *name, size_t size)
{
    const struct command *command = session->arguments.command;
    char field[60], option[60];
    if (!word.size || word.size >= sizeof field || is_typed(&session->arguments, word) ||
        is_request(command, word, at_fault))
        return false;
    snprintf(field, sizeof field, "%.*s", TEXT_ARGS(word));
    if (option_of(command, word, option, sizeof option)) {
        snprintf(name, size, "--%s", option);
        return true;
    }
    const char *shown = operand_of(command, field);
    for (size_t i = 0; i < sizeof shown_names / sizeof *shown_names; i++)
        if (strcmp(field, shown_names[i].field) == 0)
            shown = shown_names[i].shown;
    if (shown && shown[0])
        snprintf(name, size, "%s", shown);
    return shown && shown[0];
}

/* Of what got no answer the library says which request it was, perhaps one that the command makes beside its own: a person knows the
 * command. */
static bool is_inner(const struct problem *told, struct text word)
{
    return (told->error == COORD_E_TIMED_OUT || told->error == COORD_E_BAD_REPLY || told->error == COORD_E_NO_MEMORY) &&
           op_row_named(word.data, word.size);
}

/* A message of the broker's, in which a field between accents becomes what it is called here, and a request the command that
 * makes it. */
static void name_within(const struct session *session, const struct problem *told, char *text, size_t size)
{
    const char *at_fault = told->field, *message = told->message;
    const struct command *command = session->arguments.command, *other;
    const bool of_file = command && command_takes(command, "file");
    size_t used = 0;
    for (const char *at = message; *at && used + 1 < size;) {
        const size_t letters = at == message || at[-1] == ' ' ? strspn(at, "abcdefghijklmnopqrstuvwxyz_") : 0;
        if (letters && (other = command_of(at, letters))) {
            used += (size_t)snprintf(text + used, size - used, "`coordctl %s`", command_title(other));
            at += letters;
            continue;
        }
        const size_t length = *at == '`' ? strcspn(at + 1, "`") : 0;
        const struct text word = {at + 1, (uint32_t)length};
        char name[64];
        const bool is_closed = length && at[length + 1] == '`';
        if (is_closed && command && is_inner(told, word)) {
            used += (size_t)snprintf(text + used, size - used, "`%s`", command_title(command));
            at += length + 2;
            continue;
        }
        if (!is_closed || of_file || !name_word(session, at_fault, word, name, sizeof name)) {
            text[used++] = *at++;
            continue;
        }
        used += (size_t)snprintf(text + used, size - used, "%s", name);
        at += length + 2;
    }
    text[used < size ? used : size - 1] = '\0';
}

/* ---- what comes next ---- */

/* An option is no help to a command that does not take it. */
static bool may_type(const struct command *command, const char *next)
{
    char name[64];
    if (strncmp(next, "--", 2) != 0)
        return true;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(next + 2, ", "), next + 2);
    return command && command_takes(command, name);
}

/* What to type next, with the words in capitals filled in where the command line has them. */
static void fill_next(const struct session *session, const struct problem *told, const char *next, char *text,
                      size_t size)
{
    const struct arguments *arguments = &session->arguments;
    const bool on_task = arguments->command && arguments->command->operand_kind == VALUE_TASK;
    const char *task = on_task && arguments->operand_count ? arguments->operands[0] : session->subject;
    char taken[sizeof told->message] = "", number[24] = "";
    const char *quoted = strchr(told->message, '`');
    if (quoted) /* a task of several leads is there as one of each: VP-12/so-tnmt */
        snprintf(taken, sizeof taken, "%.*s", (int)strcspn(quoted + 1, "`"), quoted + 1);
    const char *digits = told->message + strcspn(told->message, "0123456789");
    snprintf(number, sizeof number, "%.*s", (int)strspn(digits, "0123456789"), digits);
    const struct {
        const char *word, *value;
    } words[] = {/* COMMAND is words of its own; a reference is one, whatever is in it. */
                 {"NUMBER", number[0] ? number : NULL},
                 {"CODE", quoted ? next_word(taken) : NULL},
                 {"COMMAND", arguments->command ? command_title(arguments->command) : NULL},
                 {"TASK", task ? next_word(task) : NULL}};
    char filled[600], before[600];
    text[0] = '\0';
    if (!may_type(arguments->command, next) || (!task && strstr(next, "TASK")))
        return;
    snprintf(filled, sizeof filled, "%s", next);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *place = strstr(filled, words[i].word);
        if (!place || !words[i].value || !strstr(next, words[i].word)) /* a value may be called as a word is */
            continue;
        snprintf(before, sizeof before, "%s", filled);
        snprintf(filled, sizeof filled, "%.*s%s%s", (int)(place - filled), before, words[i].value,
                 before + (place - filled) + strlen(words[i].word));
    }
    next_as_given(session, filled, text, size);
}

int session_fail_in_words(const struct session *session, const struct problem *problem)
{
    const struct problem told = *problem; /* it may lie where a suggestion's reply will */
    const char *name = coord_error_name(told.error);
    char field[sizeof told.field + 2], message[2 * sizeof told.message], next[800] = "", nearest[SUGGEST_SIZE] = "";
    name_field(session, told.field, field, sizeof field);
    name_within(session, &told, message, sizeof message);
    const struct command *command = session->arguments.command;
    const char *row = exit_next(told.error, command ? command->op : OP_NONE);
    if (row)
        fill_next(session, &told, row, next, sizeof next);
    const bool near = suggest(session, told.error, nearest);
    output_error("%s: %s%s%s", name, field, field[0] ? ": " : "", message);
    if (near)
        output_error_more("did you mean %s?", nearest);
    if (next[0])
        output_error_more("next: %s", next);
    return (int)exit_code_of(told.error);
}

void session_tell_error(const struct session *session, int error, const char *field, const char *message)
{
    if (session->json)
        output_json(json_pack("{s:s, s:s, s:s}", "error", coord_error_name(error), "field", field, "message", message));
}

int session_fail(const struct session *session, const struct problem *problem)
{
    session_tell_error(session, problem->error, problem->field, problem->message);
    return session_fail_in_words(session, problem);
}
