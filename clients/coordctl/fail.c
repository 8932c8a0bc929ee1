/* What went wrong, in a clerk's words: the option that is meant, what may have been meant, and what to type next. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "session.h"
#include "suggest.h"

static const struct hint {
    int error;
    enum exit_code code;
    const char *next; /* what to type; NULL for nothing in particular */
} hints[] = {
    {COORD_E_BAD_CONTEXT, EXIT_CONTEXT, "coordctl context list, or --context FILE"},
    {COORD_E_TIMED_OUT, EXIT_NO_BROKER, "coordctl doctor"},
    {COORD_E_KEY_UNKNOWN, EXIT_FORBIDDEN, "coordctl doctor; the administrator adds a key with coordctl key new"},
    {COORD_E_KEY_REVOKED, EXIT_FORBIDDEN, "ask the administrator for a new context file"},
    {COORD_E_KEY_EXPIRED, EXIT_FORBIDDEN, "ask the administrator: coordctl key set"},
    {COORD_E_AGENCY_CLOSED, EXIT_FORBIDDEN, "coordctl agency list"},
    {COORD_E_RIGHT_MISSING, EXIT_FORBIDDEN, "coordctl doctor says what this key may"},
    {COORD_E_NOT_AUTHORISED, EXIT_FORBIDDEN, "coordctl task show TASK says what this agency may do"},
    {COORD_E_NOT_TASKABLE, EXIT_FORBIDDEN, "coordctl help agency set: an administrator grants it with --may-task"},
    {COORD_E_AGENCY_UNKNOWN, EXIT_NOT_FOUND, "coordctl agency list"},
    {COORD_E_TASK_UNKNOWN, EXIT_NOT_FOUND, "coordctl task list"},
    {COORD_E_CALENDAR_UNKNOWN, EXIT_NOT_FOUND, "coordctl calendar list"},
    {COORD_E_POLICY_UNKNOWN, EXIT_NOT_FOUND, "coordctl policy list"},
    {COORD_E_ESCALATION_UNKNOWN, EXIT_NOT_FOUND, "coordctl escalation list"},
    {COORD_E_KEY_NOT_FOUND, EXIT_NOT_FOUND, "coordctl key list"},
    {COORD_E_CONFLICT, EXIT_CONFLICT, "coordctl task show TASK, then decide again"},
    {COORD_E_WRONG_STATE, EXIT_CONFLICT, "coordctl task show TASK says what may be done now"},
    {COORD_E_REFERENCE_TAKEN, EXIT_CONFLICT, "coordctl task list --reference CODE"},
    {COORD_E_LABEL_TAKEN, EXIT_CONFLICT, "coordctl key list; --label names the new one"},
    {COORD_E_MISSING_FIELD, EXIT_USAGE, "coordctl help COMMAND"},
    {COORD_E_BAD_TERM, EXIT_USAGE, "coordctl help COMMAND"},
    {COORD_E_DUE_IN_PAST, EXIT_USAGE, "--backdated, for work entered late"},
    {COORD_E_EVIDENCE_REQUIRED, EXIT_USAGE, "--evidence FILE, a file or a URL; again for more"},
    {COORD_E_OPEN_PARTS, EXIT_CONFLICT, "coordctl task list --parent TASK; or confirm with --note"},
    {COORD_E_NO_MEMORY, EXIT_SYSTEM, NULL},
    {COORD_E_SYSTEM, EXIT_SYSTEM, NULL},
};

static const struct hint *hint_of(int error)
{
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
        if (hints[i].error == error)
            return &hints[i];
    return NULL;
}

static int code_of(int error)
{
    const struct hint *hint = hint_of(error);
    if (hint)
        return (int)hint->code;
    if (error <= COORD_E_FRAME_TOO_LARGE && error >= COORD_E_BAD_VALUE)
        return EXIT_USAGE;
    return error == COORD_E_BAD_ARGUMENT ? EXIT_USAGE : EXIT_REFUSED;
}

/* The option that fills in a field, or "" when the field is none of the command's options. */
static void option_of(const struct session *session, const char *field, char *option, size_t size)
{
    static const struct {
        const char *field, *option;
    } others[] = {{"leads", "to"}, {"lead", "to"}, {"evidence_files", "evidence"}};
    const char *dot = strrchr(field, '.');
    snprintf(option, size, "%s", dot ? dot + 1 : field);
    option[strcspn(option, "[")] = '\0';
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(option, others[i].field) == 0)
            snprintf(option, size, "%s", others[i].option);
    for (char *at = option; *at; at++)
        if (*at == '_')
            *at = '-';
    if (!option[0] || !session->arguments.command || !command_takes(session->arguments.command, option) ||
        strcmp(session->arguments.command->noun, "apply") == 0)
        option[0] = '\0';
}

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
static void fill_next(const struct session *session, const char *next, char *text, size_t size)
{
    const struct arguments *arguments = &session->arguments;
    const bool on_task = arguments->command && arguments->command->operand_kind == VALUE_TASK;
    const char *reference = arguments_get(arguments, "reference");
    const struct {
        const char *word, *value;
    } words[] = {{"TASK", on_task && arguments->operand_count ? arguments->operands[0] : NULL},
                 {"CODE", reference},
                 {"COMMAND", arguments->command ? command_title(arguments->command) : NULL}};
    text[0] = '\0';
    if (!may_type(arguments->command, next))
        return;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *place = strstr(next, words[i].word);
        if (!place || !words[i].value)
            continue;
        snprintf(text, size, "%.*s%s%s", (int)(place - next), next, words[i].value, place + strlen(words[i].word));
        return;
    }
    snprintf(text, size, "%s", next);
}

int session_fail(const struct session *session, const struct problem *problem)
{
    const struct problem told = *problem; /* it may lie where a suggestion's reply will */
    const struct hint *hint = hint_of(told.error);
    const char *name = coord_error_name(told.error);
    char option[sizeof told.field], next[300] = "", nearest[SPELLING_SIZE_MAX + 1] = "";
    if (session->json)
        output_json(json_pack("{s:s, s:s, s:s}", "error", name, "field", told.field, "message", told.message));
    option_of(session, told.field, option, sizeof option);
    const char *field = option[0] ? option : told.field;
    if (hint && hint->next)
        fill_next(session, hint->next, next, sizeof next);
    const bool near = suggest(session, told.error, nearest);
    output_error("%s: %s%s%s%s%s%s%s%s%s", name, option[0] ? "--" : "", field, field[0] ? ": " : "", told.message,
                 near ? "\n  did you mean " : "", nearest, near ? "?" : "", next[0] ? "\n  next: " : "", next);
    return code_of(told.error);
}
