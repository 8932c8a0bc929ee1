/* coordctl _complete WORD…: what the last word may become, one candidate a line, quoted for the shell. The ids are asked of
 * the broker, which has a second to answer; without it there are none. Exit status 9 says: the name of a file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "commands.h"
#include "endpoints.h"
#include "session.h"
#include "succession.h"

#define ITEMS_MAX 1000 /* one page */
#define IS_FILE   9

/* The command line so far. Bash parts words at `:` and `=`: here they are whole again. */
struct line {
    char **words; /* before the one to complete */
    int count;
    char *prefix;   /* of the one to complete, unquoted */
    size_t hidden;  /* bytes at its beginning that the shell takes for a word of its own */
    bool living;    /* of agencies, only those that have not ended */
    char last[300]; /* of a list, what was offered last */
};

/* ---- candidates ---- */

static void offer(const struct line *line, const char *candidate)
{
    if (strncmp(candidate, line->prefix, strlen(line->prefix)) != 0)
        return;
    for (const char *at = candidate + line->hidden; *at; at++) {
        if ((unsigned char)*at < 0x80 && strchr(" \t\"'\\$`&|;<>()*?[]{}!#~", *at))
            putchar('\\');
        putchar(*at);
    }
    putchar('\n');
}

static void offer_words(const struct line *line, int count, char **words)
{
    const char *last = "";
    for (const struct command *command = commands; command->noun; command++) {
        const char *word = count == 0 ? command->noun : command->verb;
        if (!command->sentence || (count > 0 && strcmp(command->noun, words[0]) != 0) || strcmp(word, last) == 0)
            continue;
        offer(line, word);
        last = word;
    }
}

static void offer_options(const struct line *line, const struct command *command)
{
    char option[64];
    for (const struct option_row *row = option_rows; row->name; row++) {
        snprintf(option, sizeof option, "--%s", row->name);
        if (command_takes(command, row->name))
            offer(line, option);
    }
}

static void offer_context(void *user, const char *name, const char *path)
{
    (void)path;
    offer(user, name);
}

/* ---- live ids ---- */

static int offer_task(void *context, const struct message *message, const void *item)
{
    const struct line *line = context;
    const struct msg_task *task = item;
    char name[300];
    (void)message;
    /* A reference from before the rule may look like an option or a number: with its assigner it is neither. */
    const bool is_bare = task->reference.size > 0 && task->reference.data[0] != '@' && task->reference.data[0] != '-';
    if (strchr(line->prefix, ':') || !is_bare)
        snprintf(name, sizeof name, "%.*s:%.*s", TEXT_ARGS(succession_assigner(task)), TEXT_ARGS(task->reference));
    else
        snprintf(name, sizeof name, "%.*s", TEXT_ARGS(task->reference));
    offer(line, name);
    return 0;
}

static int offer_key(void *context, const struct message *message, const void *item)
{
    const struct msg_owned_key *owned = item;
    char name[140];
    (void)message;
    snprintf(name, sizeof name, "%.*s:%.*s", TEXT_ARGS(owned->agency), TEXT_ARGS(owned->key.label));
    if (!MSG_HAS(&owned->key, key, revoked))
        offer(context, name);
    return 0;
}

static int offer_rule(void *context, const struct message *message, const void *item)
{
    const struct msg_hot_spot *spot = item;
    char id[65];
    (void)message;
    snprintf(id, sizeof id, "%.*s", TEXT_ARGS(spot->rule.rule));
    offer(context, id);
    return 0;
}

/* By this machine's clock, which is near enough for what is offered. */
static bool has_ended(const struct msg_agency *agency)
{
    return MSG_HAS(agency, agency, valid_until) && agency->valid_until / 1000 <= (int64_t)time(NULL);
}

/* Whether an option's agency is to do something: one that has ended is not offered. */
static bool is_for_the_living(const char *option)
{
    static const char *const options[] = {"to", "lead", "cooperating", "supervisor", "observers"};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (strcmp(option, options[i]) == 0)
            return true;
    return false;
}

/* An item of the other lists: `agency`, `policy`, `calendar`, `schedule`, `document` stand first in theirs, `reference` in an escalation's. */
static int offer_item(void *context, const struct message *message, const void *item)
{
    struct line *line = context;
    const struct field *field = message_field(message, "reference", 9);
    char text[300];
    field = field ? field : &message->fields[0];
    value_show(field, (const char *)item + field->offset, text, sizeof text);
    if (line->living && message == &message_agency && has_ended(item))
        return 0;
    if (strcmp(text, line->last) != 0) /* a task has an escalation for each level: they stand side by side */
        offer(line, text);
    snprintf(line->last, sizeof line->last, "%s", text);
    return 0;
}

/* As what an agency finds the tasks on which a command does something; 0: any will do. */
static int role_for(const struct command *command)
{
    if (command->op == OP_GRANT || command->op == OP_DENY)
        return ROLE_DECIDER;
    if (command->op == OP_OPINE)
        return ROLE_CONSULTED;
    const bool leads = strcmp(command->noun, "request") == 0 || command->op == OP_CONSULT || command->op == OP_RECALL;
    return leads ? ROLE_LEAD : 0;
}

static void offer_live(struct session *session, const struct command *command, enum value_kind kind, struct line *line)
{
    struct msg_task_list tasks = {0};
    struct msg_escalation_list escalations = {0};
    struct msg_key_list keys = {0};
    struct msg_list others = {0};
    struct msg_schedule_list schedules = {0};
    struct msg_document_list documents = {0};
    MSG_SET(&tasks, task_list, limit, ITEMS_MAX);
    MSG_SET(&tasks, task_list, states,
            TERM_BIT(STATE_ASSIGNED) | TERM_BIT(STATE_ACCEPTED) | TERM_BIT(STATE_IN_PROGRESS) |
                TERM_BIT(STATE_SUBMITTED) | TERM_BIT(STATE_SUSPENDED));
    MSG_SET(&escalations, escalation_list, limit, ITEMS_MAX);
    MSG_SET(&keys, key_list, limit, ITEMS_MAX);
    MSG_SET(&others, list, limit, ITEMS_MAX);
    MSG_SET(&schedules, schedule_list, limit, ITEMS_MAX);
    MSG_SET(&documents, document_list, limit, ITEMS_MAX);
    if (session_open(session) != EXIT_DONE)
        return;
    if (kind == VALUE_TASK && command && role_for(command) && session_hello(session) == EXIT_DONE) {
        MSG_SET(&tasks, task_list, agency, text_of(session->agency));
        MSG_SET(&tasks, task_list, roles, TERM_BIT(role_for(command)));
    }
    if (kind == VALUE_TASK && command->op == OP_ACKNOWLEDGE)
        (void)session_pages(session, OP_ESCALATION_LIST, &escalations, offer_item, line);
    else if (kind == VALUE_TASK)
        (void)session_pages(session, OP_TASK_LIST, &tasks, offer_task, line);
    else if (kind == VALUE_SCHEDULE)
        (void)session_pages(session, OP_SCHEDULE_LIST, &schedules, offer_item, line);
    else if (kind == VALUE_DOCUMENT)
        (void)session_pages(session, OP_DOCUMENT_LIST, &documents, offer_item, line);
    else if (kind == VALUE_RULE)
        (void)session_pages(session, OP_HOT_SPOT_LIST, &others, offer_rule, line);
    else if (kind == VALUE_KEY)
        (void)session_pages(session, OP_KEY_LIST, &keys, offer_key, line);
    else
        (void)session_pages(session,
                            kind == VALUE_AGENCY   ? OP_AGENCY_LIST
                            : kind == VALUE_POLICY ? OP_POLICY_LIST
                                                   : OP_CALENDAR_LIST,
                            &others, offer_item, line);
}

static void offer_endpoints(struct session *session, const struct line *line)
{
    struct endpoints endpoints;
    struct problem problem;
    if (coord_context_find(&session->context, arguments_get(&session->arguments, "context"), &problem) ||
        endpoints_read(&endpoints, session->context.endpoint, &problem))
        return;
    for (int i = 0; i < endpoints.count; i++)
        offer(line, endpoints.items[i]);
}

static int offer_value(struct session *session, const struct command *command, enum value_kind kind,
                       const struct vocabulary *vocabulary, struct line *line)
{
    switch (kind) {
    case VALUE_TERM:
        for (int i = 1; i <= vocabulary->count; i++)
            offer(line, term_name(vocabulary, i));
        return EXIT_DONE;
    case VALUE_CONTEXT:
        contexts_visit(offer_context, line);
        return strchr(line->prefix, '/') ? IS_FILE : EXIT_DONE;
    case VALUE_SHELL:
        offer(line, "bash");
        return EXIT_DONE;
    case VALUE_FILE:
        return IS_FILE;
    case VALUE_ENDPOINT:
        offer_endpoints(session, line);
        return EXIT_DONE;
    case VALUE_TASK:
    case VALUE_AGENCY:
    case VALUE_POLICY:
    case VALUE_CALENDAR:
    case VALUE_KEY:
    case VALUE_SCHEDULE:
    case VALUE_DOCUMENT:
    case VALUE_RULE:
        offer_live(session, command, kind, line);
        return EXIT_DONE;
    case VALUE_ANY:
    case VALUE_COMMAND:
        return EXIT_DONE;
    }
    return EXIT_DONE;
}

/* ---- the line ---- */

static void unquote(char *word)
{
    char *to = word;
    for (const char *from = word; *from; from++)
        if (*from != '\\' && *from != '"' && *from != '\'')
            *to++ = *from;
    *to = '\0';
}

/* Makes whole what was parted: `a` `:` `b` is one word, and `--option` `=` `value` are two. */
static bool take_line(struct line *line, int count, char **words)
{
    static char empty[] = "";
    *line = (struct line){.words = calloc((size_t)count + 2, sizeof *words)};
    bool joins = false;
    if (!line->words)
        return false;
    for (int i = 0; i < count; i++) {
        char *word = words[i], *last = line->count ? line->words[line->count - 1] : NULL;
        if (strcmp(word, "=") == 0 && last && strncmp(last, "--", 2) == 0) {
            if (i + 1 == count)
                line->words[line->count++] = empty;
        } else if (last && (joins || strcmp(word, ":") == 0)) {
            char *whole = NULL;
            if (asprintf(&whole, "%s%s", last, word) < 0)
                return false;
            line->hidden = i + 1 < count ? 0 : strlen(last) + (joins ? 0 : 1);
            line->words[line->count - 1] = whole;
        } else {
            line->words[line->count++] = word;
        }
        joins = strcmp(word, ":") == 0;
    }
    line->prefix = line->count ? line->words[--line->count] : empty;
    unquote(line->prefix);
    return true;
}

/* The place behind options that stand in front of the command. */
static int skip_options(const struct line *line)
{
    int at = 0;
    while (at < line->count && strncmp(line->words[at], "--", 2) == 0) {
        const struct option_row *row = option_find(line->words[at] + 2);
        at += row && row->value ? 2 : 1;
    }
    return at < line->count ? at : line->count;
}

static const struct command *command_of(int count, char **words)
{
    for (const struct command *command = commands; command->noun; command++)
        if (count > 0 && strcmp(command->noun, words[0]) == 0 &&
            (!command->verb[0] || (count > 1 && strcmp(command->verb, words[1]) == 0)))
            return command;
    return NULL;
}

/* What the words say of the session: its context, and a second to answer. */
static void take_session(struct session *session, const struct line *line)
{
    session->arguments.given[0] = (struct given){option_find("timeout"), "1"};
    session->arguments.given_count = 1;
    for (int i = 0; i + 1 < line->count && session->arguments.given_count < GIVEN_MAX; i++)
        if (strcmp(line->words[i], "--context") == 0) {
            unquote(line->words[i + 1]);
            session->arguments.given[session->arguments.given_count++] = (struct given){option_find("context"),
                                                                                        line->words[i + 1]};
        }
}

/* How many operands stand behind the command's words already. */
static int count_operands(const struct line *line, int at)
{
    int count = 0;
    for (; at < line->count; at++) {
        const char *word = line->words[at];
        const struct option_row *row = strcmp(word, "-f") == 0       ? option_find("file")
                                       : strncmp(word, "--", 2) == 0 ? option_find(word + 2)
                                                                     : NULL;
        if (word[0] != '-')
            count++;
        else if (row && row->value)
            at++;
    }
    return count;
}

static int complete_line(struct session *session, struct line *line)
{
    const int first = skip_options(line);
    char **words = line->words + first;
    const int count = line->count - first;
    const struct command *command = command_of(count, words);
    const char *last = line->count ? line->words[line->count - 1] : "";
    const struct option_row *before = strcmp(last, "-f") == 0       ? option_find("file")
                                      : strncmp(last, "--", 2) == 0 ? option_find(last + 2)
                                                                    : NULL;
    line->living = before && is_for_the_living(before->name);
    if (before && before->value)
        return offer_value(session, command, option_kind(command, before), before->vocabulary, line);
    if (!command && line->prefix[0] == '-') {
        static const struct command any = {.options = ""};
        offer_options(line, &any);
    } else if (!command) {
        offer_words(line, count, words);
    } else if (command->operand_kind == VALUE_COMMAND) {
        offer_words(line, count - 1, words + 1);
    } else if (line->prefix[0] == '-' ||
               count_operands(line, first + (command->verb[0] ? 2 : 1)) >= command->operands_max) {
        offer_options(line, command);
    } else {
        return offer_value(session, command, command->operand_kind, NULL, line);
    }
    return EXIT_DONE;
}

int complete(struct session *session)
{
    struct line line;
    if (!take_line(&line, session->arguments.operand_count, session->arguments.operands))
        return EXIT_SYSTEM;
    take_session(session, &line);
    arena_init(&session->arena);
    const int code = complete_line(session, &line);
    session_close(session);
    return code;
}
