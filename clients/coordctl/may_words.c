#include "may_words.h"

#include <stdio.h>
#include <string.h>

#include "ask_words.h"
#include "commands.h"

#define STATES_WORKING (TERM_BIT(STATE_ASSIGNED) | TERM_BIT(STATE_ACCEPTED) | TERM_BIT(STATE_IN_PROGRESS))

static bool is_open(const struct msg_task *task, int asking)
{
    for (uint32_t i = 0; i < task->asks.count; i++)
        if (ask_is_open(&task->asks.items[i]) && (asking == 0 || task->asks.items[i].asking == asking))
            return true;
    return false;
}

/* A submission is what is asked back; the rest is asked for before there is one, and once at a time. */
static bool may_ask(const struct msg_task *task, int asking)
{
    const uint32_t states = asking == ASKING_WITHDRAWAL ? TERM_BIT(STATE_SUBMITTED) : STATES_WORKING;
    if (asking == ASKING_EXTENSION && !MSG_HAS(task, task, due))
        return false;
    return (states & TERM_BIT(task->state)) && !is_open(task, asking);
}

static bool finds_something(const struct msg_task *task, const struct command *command)
{
    if (command->op == OP_ASK)
        return may_ask(task, term_number(&vocabulary_asking, command->verb, (uint32_t)strlen(command->verb)));
    if (command->op == OP_GRANT || command->op == OP_DENY || command->op == OP_TAKE_BACK)
        return is_open(task, 0);
    if (command->op == OP_CONSULT)
        return task->questions.count < message_task.fields[MSG_FIELD(task, questions)].max;
    if (strcmp(command->noun, "target") == 0)
        return command->op == OP_REPORT ? MSG_HAS(task, task, indicator) : task->kind == KIND_TARGET;
    return true;
}

/* An action and the request that does it have one name. */
static bool does(const struct command *command, const char *action)
{
    const struct op_row *row = op_row(command->op);
    return row && command->operand_kind == VALUE_TASK && strcmp(row->name, action) == 0;
}

void may_words(const struct msg_task_reply *reply, const char *between, char text[MAY_WORDS])
{
    size_t used = 0;
    text[0] = '\0';
    for (int action = 1; action <= vocabulary_action.count; action++) {
        if (!(reply->may & TERM_BIT(action)))
            continue;
        for (const struct command *command = commands; command->noun && used < MAY_WORDS; command++)
            if (does(command, term_name(&vocabulary_action, action)) && finds_something(&reply->task, command))
                used += (size_t)snprintf(text + used, MAY_WORDS - used, "%s%s", used ? between : "",
                                         strcmp(command->noun, "task") == 0 ? command->verb : command_title(command));
    }
}
