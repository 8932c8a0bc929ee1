/* The table of commands: what clerks' scripts call is there, and no request is without one. */
#include "unit/test.h"

#include <stdio.h>
#include <string.h>

#include "../../../clients/coordctl/arguments.h"
#include "../../../clients/coordctl/commands.h"
#include "../../../clients/coordctl/exits.h"
#include "errors.h"

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
        "clock accept", "store set",     "store show",    "agency close",    "load",
        "task answer",  "circular",      "target set",    "target report",   "policy set",
        "web login",    "part list",     "part give",     "agency succeed",  "leader hand-over",
    };
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (!titled(titles[i]))
            fail_msg("there is no `%s`", titles[i]);
}

/* A kind of request that the wire knows is asked for by a verb of its own. */
TEST(each_kind_of_request_of_a_lead_has_a_command_and_so_has_each_decision)
{
    static const char *const others[] = {"request list", "request grant", "request deny", "request take-back"};
    char title[64];
    for (int asking = 1; asking <= vocabulary_asking.count; asking++) {
        snprintf(title, sizeof title, "request %s", term_name(&vocabulary_asking, asking));
        if (!titled(title))
            fail_msg("there is no `%s`", title);
        assert_int_equal(titled(title)->op, OP_ASK);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_non_null(titled(others[i]));
}

/* `watch` stands for the requests of a stream; `apply` makes what comes from a file, and what is many. */
TEST(every_request_is_made_by_some_command)
{
    for (int op = OP_NONE + 1; op < OP_COUNT; op++) {
        bool made = op == OP_CREDIT || op == OP_CONSUMED || op == OP_UNSUBSCRIBE || op == OP_BATCH;
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

TEST(another_s_name_is_taken_where_the_request_takes_one)
{
    static const char *const own[] = {
        "agency list",    "agency stand-in", "key list",     "calendar list", "calendar show",
        "calendar count", "policy list",     "policy show",  "load",          "store show",
        "status",         "doctor",          "clock accept", "backup",        "watch",
        "web login",      "context show",    "help",         "version"};
    static const char *const others[] = {"task list",     "task report",           "inbox", "report", "apply",
                                         "document list", "escalation acknowledge"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (command_takes(titled(own[i]), "for"))
            fail_msg("`%s` takes --for", own[i]);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (!command_takes(titled(others[i]), "for"))
            fail_msg("`%s` does not take --for", others[i]);
    for (const struct command *command = commands; command->noun; command++)
        if (command->op != OP_NONE)
            assert_int_equal(command_takes(command, "for"), op_takes_name(op_row(command->op)));
}

TEST(how_new_it_must_be_is_asked_of_what_is_only_read)
{
    static const char *const readers[] = {"inbox", "task list", "task show", "report", "load", "policy show"};
    static const char *const others[] = {"task accept",      "apply", "status", "doctor", "watch",
                                         "leader hand-over", "help"};
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        if (!command_takes(titled(readers[i]), "within") || !command_takes(titled(readers[i]), "at-least"))
            fail_msg("`%s` does not take --within and --at-least", readers[i]);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (command_takes(titled(others[i]), "within") || command_takes(titled(others[i]), "at-least"))
            fail_msg("`%s` takes --within or --at-least", others[i]);
}

/* A name stands for one thing, whatever the command. */
TEST(no_two_options_have_one_name)
{
    for (const struct option_row *row = option_rows; row->name; row++)
        assert_ptr_equal(option_find(row->name), row);
}

TEST(a_task_is_assigned_to_many_and_reassigned_to_one)
{
    assert_true(option_many(titled("task assign"), option_find("to")));
    assert_true(option_many(titled("task escalate"), option_find("to")));
    assert_false(option_many(titled("task reassign"), option_find("to")));
}

TEST(the_lead_is_handed_over_to_one_broker_by_its_endpoint)
{
    const struct option_row *to = option_find("to");
    assert_false(option_many(titled("leader hand-over"), to));
    assert_string_equal(option_value(titled("leader hand-over"), to), "ENDPOINT");
    assert_int_equal(option_kind(titled("leader hand-over"), to), VALUE_ENDPOINT);
    assert_string_equal(option_value(titled("task assign"), to), "AGENCY");
}

/* Splits a line as a shell would that knows single quotes alone. */
static int split(char *line, char **words)
{
    int count = 0;
    for (char *at = line; *at;) {
        at += strspn(at, " ");
        const bool quoted = *at == '\'';
        words[count++] = at += quoted;
        at += strcspn(at, quoted ? "'" : " ");
        if (*at)
            *at++ = '\0';
    }
    words[count] = NULL;
    return count;
}

TEST(every_example_is_a_line_that_its_command_takes)
{
    for (const struct command *command = commands; command->noun; command++) {
        char line[400], *words[40];
        int title_words;
        struct arguments arguments = {0};
        if (!command->example)
            continue;
        snprintf(line, sizeof line, "%s", command->example);
        const int count = split(line, words);
        assert_ptr_equal(command_find(count, words, &title_words), command);
        if (!arguments_parse(&arguments, command, count - title_words + 1, words + title_words - 1))
            fail_msg("`coordctl %s` is refused", command->example);
    }
}

/* What an error says to type next runs as it is typed: what is said of it stands behind a #. */
TEST(what_an_error_says_to_type_next_is_taken)
{
    int taken = 0;
    for (int at = 0; at < 1000 * OP_COUNT; at++) { /* of any request, and of each */
        char line[400], *words[40];
        int title_words;
        struct arguments arguments = {0};
        const int error = -(at % 1000);
        const enum op op = (enum op)(at / 1000);
        const char *next = error_row(error) ? exit_next(error, op) : NULL;
        if (!next || strncmp(next, "coordctl ", 9) != 0 || (op != OP_NONE && next == exit_next(error, OP_NONE)))
            continue;
        snprintf(line, sizeof line, "%.*s", (int)strcspn(next + 9, "#"), next + 9);
        for (size_t end = strlen(line); end > 0 && line[end - 1] == ' '; end--)
            line[end - 1] = '\0';
        const int count = split(line, words);
        const struct command *command = command_find(count, words, &title_words);
        if (!command || !arguments_parse(&arguments, command, count - title_words + 1, words + title_words - 1))
            fail_msg("`%s` is refused", next);
        taken++;
    }
    assert_in_range(taken, 20, 1000);
}

/* And whoever leaves it out is shown how: what is required has an example. */
TEST(what_is_required_is_taken_and_has_an_example)
{
    for (const struct command *command = commands; command->noun; command++) {
        char list[200], *words[20];
        struct arguments arguments = {0};
        char *nothing[] = {(char *)(uintptr_t) "coordctl", (char *)(uintptr_t) "X", NULL};
        if (!command->required[0])
            continue;
        snprintf(list, sizeof list, "%s", command->required);
        for (char *at = list; *at; at++)
            *at = *at == '|' ? ' ' : *at;
        for (int count = split(list, words); count > 0; count--)
            assert_true(command_takes(command, words[count - 1]));
        assert_non_null(command->example);
        assert_false(arguments_parse(&arguments, command, command->operands_min ? 2 : 1, nothing));
    }
}

TEST(a_public_key_that_begins_as_an_option_does_is_a_word)
{
    static const char key[] = "-KNlSohk9RA@AxgMOXos0=.kTl{:dk+rY5Cxc6.)";
    char first[] = "revoke --yes -KNlSohk9RA@AxgMOXos0=.kTl{:dk+rY5Cxc6.)";
    char value[] = "set ubt --public-key -KNlSohk9RA@AxgMOXos0=.kTl{:dk+rY5Cxc6.) --label x";
    char shorter[] = "revoke -KNl";
    char *words[10];
    struct arguments revoke = {0}, set = {0}, refused = {0};
    assert_true(arguments_parse(&revoke, titled("key revoke"), split(first, words), words));
    assert_int_equal(revoke.operand_count, 1);
    assert_string_equal(revoke.operands[0], key);
    assert_true(arguments_parse(&set, titled("key set"), split(value, words), words));
    assert_string_equal(arguments_get(&set, "public-key"), key);
    assert_false(arguments_parse(&refused, titled("key revoke"), split(shorter, words), words));
}

TEST(an_agencys_parent_is_an_agency_and_a_tasks_a_task)
{
    assert_string_equal(option_value(titled("agency set"), option_find("parent")), "AGENCY");
    assert_string_equal(option_value(titled("task amend"), option_find("parent")), "TASK");
    assert_null(option_value(titled("task amend"), option_find("backdated")));
}
