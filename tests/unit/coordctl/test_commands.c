/* The table of commands: what clerks' scripts call is there, and no request is without one. */
#include "unit/test.h"

#include <string.h>

#include "../../../clients/coordctl/arguments.h"
#include "../../../clients/coordctl/commands.h"

static const struct command *titled(const char *title)
{
    for (const struct command *command = commands; command->noun; command++)
        if (strcmp(command_title(command), title) == 0)
            return command;
    return NULL;
}

TEST(commands_that_scripts_call_stay)
{
    static const char *const titles[] = {
        "inbox",        "task list",     "task show",     "task history",    "task assign",
        "task accept",  "task start",    "task report",   "task submit",     "task confirm",
        "task reject",  "task suspend",  "task resume",   "task reassign",   "task amend",
        "task cancel",  "task comment",  "task escalate", "escalation list", "escalation acknowledge",
        "agency list",  "agency set",    "key list",      "key new",         "key set",
        "key revoke",   "calendar list", "calendar show", "calendar count",  "policy list",
        "policy show",  "watch",         "apply",         "report",          "status",
        "backup",       "doctor",        "context list",  "context show",    "help",
        "completion",   "version",       "_complete",     "_manual",         "calendar set",
        "clock accept", "store set",     "store show",
    };
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (!titled(titles[i]))
            fail_msg("there is no `%s`", titles[i]);
}

/* `watch` stands for the requests of a stream; `apply` makes what comes from a file, and what is many. */
TEST(every_request_is_made_by_some_command)
{
    for (int op = OP_NONE + 1; op < OP_COUNT; op++) {
        bool made = op == OP_CREDIT || op == OP_CONSUMED || op == OP_UNSUBSCRIBE || op == OP_BATCH ||
                    op == OP_POLICY_SET;
        for (const struct command *command = commands; command->noun; command++)
            made |= command->op == (enum op)op;
        if (!made)
            fail_msg("no command makes `%s`", op_row((enum op)op)->name);
    }
}

/* The sentence of help and what is taken are one: the value that is given once too often is refused, not lost. */
TEST(what_may_be_given_again_says_so)
{
    for (const struct option_row *row = option_rows; row->name; row++)
        if (row->many != (strstr(row->sentence, "again") != NULL))
            fail_msg("--%s: %s", row->name, row->sentence);
}

TEST(a_task_is_assigned_to_many_and_reassigned_to_one)
{
    assert_true(option_many(titled("task assign"), option_find("to")));
    assert_true(option_many(titled("task escalate"), option_find("to")));
    assert_false(option_many(titled("task reassign"), option_find("to")));
}
