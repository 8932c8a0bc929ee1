/* coordctl _complete WORD…: what the last word may become, one candidate a line. The ids are asked of the broker, which
 * has a second to answer; without it there are none.
 */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "session.h"

#define TASKS_MAX 200

static void offer(const char *candidate, const char *prefix)
{
    if (strncmp(candidate, prefix, strlen(prefix)) == 0)
        puts(candidate);
}

/* ---- live ids ---- */

struct offering {
    const char *prefix;
    const char *field;
    int left;
};

static int offer_item(void *context, const struct message *message, const void *item)
{
    struct offering *offering = context;
    const struct field *field = message_field(message, offering->field, (uint32_t)strlen(offering->field));
    char text[300];
    value_show(field, (const char *)item + field->offset, text, sizeof text);
    offer(text, offering->prefix);
    return --offering->left == 0;
}

static void offer_live(struct session *session, enum value_kind kind, const char *prefix)
{
    static const struct {
        enum op op;
        const char *field;
    } lists[] = {[VALUE_TASK] = {OP_TASK_LIST, "reference"},
                 [VALUE_AGENCY] = {OP_AGENCY_LIST, "agency"},
                 [VALUE_POLICY] = {OP_POLICY_LIST, "policy"},
                 [VALUE_CALENDAR] = {OP_CALENDAR_LIST, "calendar"}};
    struct offering offering = {prefix, lists[kind].field, TASKS_MAX};
    struct msg_task_list tasks = {0};
    struct msg_list others = {0};
    MSG_SET(&tasks, task_list, limit, TASKS_MAX);
    MSG_SET(&tasks, task_list, states,
            TERM_BIT(STATE_ASSIGNED) | TERM_BIT(STATE_ACCEPTED) | TERM_BIT(STATE_IN_PROGRESS) |
                TERM_BIT(STATE_SUBMITTED) | TERM_BIT(STATE_SUSPENDED));
    MSG_SET(&others, list, limit, 1000);
    if (session_open(session) == EXIT_DONE)
        (void)session_pages(session, lists[kind].op, kind == VALUE_TASK ? (void *)&tasks : (void *)&others, offer_item,
                            &offering);
}

static void offer_value(struct session *session, enum value_kind kind, const struct vocabulary *vocabulary,
                        const char *prefix)
{
    if (kind == VALUE_TERM)
        for (int i = 1; i <= vocabulary->count; i++)
            offer(term_name(vocabulary, i), prefix);
    if (kind == VALUE_TASK || kind == VALUE_AGENCY || kind == VALUE_POLICY || kind == VALUE_CALENDAR)
        offer_live(session, kind, prefix);
}

/* ---- words ---- */

static void offer_words(int count, char **words, const char *prefix)
{
    const char *last = "";
    for (const struct command *command = commands; command->noun; command++) {
        const char *word = count == 0 ? command->noun : command->verb;
        if (!command->sentence || (count > 0 && strcmp(command->noun, words[0]) != 0) || strcmp(word, last) == 0)
            continue;
        offer(word, prefix);
        last = word;
    }
}

static const struct command *command_of(int count, char **words)
{
    for (const struct command *command = commands; command->noun; command++)
        if (count > 0 && strcmp(command->noun, words[0]) == 0 &&
            (!command->verb[0] || (count > 1 && strcmp(command->verb, words[1]) == 0)))
            return command;
    return NULL;
}

static void offer_options(const struct command *command, const char *prefix)
{
    char option[64];
    for (const struct option_row *row = option_rows; row->name; row++) {
        snprintf(option, sizeof option, "--%s", row->name);
        if (command_takes(command, row->name))
            offer(option, prefix);
    }
}

/* What the words say of the session: its context, and a second to answer. */
static void take_session(struct session *session, int count, char **words)
{
    session->arguments.given[0] = (struct given){option_find("timeout"), "1"};
    session->arguments.given_count = 1;
    for (int i = 0; i + 1 < count; i++)
        if (strcmp(words[i], "--context") == 0)
            session->arguments.given[session->arguments.given_count++ % GIVEN_MAX] = (struct given){
                option_find("context"), words[i + 1]};
}

int complete(struct session *session)
{
    char **words = session->arguments.operands;
    int count = session->arguments.operand_count - 1; /* those before the one to complete */
    if (count < 0)
        return EXIT_DONE;
    const char *prefix = words[count];
    take_session(session, count, words);
    while (count > 1 && strcmp(words[0], "--context") == 0)
        words += 2, count -= 2;
    const struct command *command = command_of(count, words);
    const struct option_row *before = count > 0 && strncmp(words[count - 1], "--", 2) == 0
                                          ? option_find(words[count - 1] + 2)
                                          : NULL;
    arena_init(&session->arena);
    if (before && before->value)
        offer_value(session, before->kind, before->vocabulary, prefix);
    else if (!command)
        offer_words(count, words, prefix);
    else if (prefix[0] == '-')
        offer_options(command, prefix);
    else
        offer_value(session, command->operand_kind, NULL, prefix);
    session_close(session);
    return EXIT_DONE;
}
