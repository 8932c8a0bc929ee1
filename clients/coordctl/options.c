/* What an option of several meanings means to a command, and which commands take it. */
#include "options.h"

#include <string.h>

#include "commands.h"

const struct option_row *option_find(const char *name)
{
    for (const struct option_row *row = option_rows; row->name; row++)
        if (strcmp(row->name, name) == 0)
            return row;
    return NULL;
}

enum value_kind option_kind(const struct command *command, const struct option_row *option)
{
    const bool on_agencies = command && strcmp(command->noun, "agency") == 0;
    if (command && command->op == OP_HAND_OVER && strcmp(option->name, "to") == 0)
        return VALUE_ENDPOINT;
    return on_agencies && option->kind == VALUE_TASK ? VALUE_AGENCY : option->kind;
}

/* What options of other commands mean to a schedule; NULL: what they mean there. */
static const char *of_schedule(const struct command *command, const struct option_row *option)
{
    static const struct {
        const char *name, *sentence;
    } meant[] = {
        {"due",
         "By when, counted from the period's first day: 4wd (working days), 16wh (working hours) or 30d; or end: the "
         "period's last day, or the next that works."},
        {"from", "It begins with the period that this day lies in; when absent, with the next."},
        {"until", "No period that begins after this day."},
        {"count", "So many periods, and no more."},
        {"closed", "Also those that have ended."},
        {"note", "The reason."},
    };
    for (size_t i = 0; command && strcmp(command->noun, "schedule") == 0 && i < sizeof meant / sizeof *meant; i++)
        if (strcmp(option->name, meant[i].name) == 0)
            return meant[i].sentence;
    return NULL;
}

static bool is_of_stand_in(const struct command *command, const char *option)
{
    return command && command->op == OP_AGENCY_STAND_IN &&
           (strcmp(option, "from") == 0 || strcmp(option, "until") == 0);
}

/* What an option of two meanings means to this command. */
const char *option_sentence(const struct command *command, const struct option_row *option)
{
    const bool is_other = command && option_kind(command, option) != option->kind;
    if (command && command->op == OP_ANSWER && strcmp(option->name, "to") == 0)
        return "Of passed_on: which agency is to decide.";
    if (command && command->op == OP_REASSIGN && strcmp(option->name, "to") == 0)
        return "Who is to lead.";
    if (command && command->op == OP_HAND_OVER && strcmp(option->name, "to") == 0)
        return "Which broker is to lead, by its endpoint, as coordctl status has it; any that is ready when absent.";
    if (command && command->op == OP_DOCUMENT_SET && strcmp(option->name, "paragraphs") == 0)
        return "A paragraph's id and what it says: 'II.3=Rà soát quỹ đất công'; II.3= empties it; may be given again. "
               "Others stay.";
    if (command && command->op == OP_DOCUMENT_SET && strcmp(option->name, "title") == 0)
        return "What it is about.";
    if (command && command->op == OP_HOT_SPOT_SET) {
        static const char *const sentences[][2] = {{"to", "Who is told; give it again for more."},
                                                   {"agency", "Only tasks that it leads, or one under it."},
                                                   {"area", "Only tasks of this field of work."},
                                                   {"count", "So many make a hot spot."}};
        for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
            if (strcmp(option->name, sentences[i][0]) == 0)
                return sentences[i][1];
    }
    if (command && command->op == OP_POLICY_SET && strcmp(option->name, "since") == 0)
        return "With --dry-run: rehearse the policy on the tasks that have it, and on what lies behind from then on.";
    if (command && command->op == OP_CONSULT && strcmp(option->name, "to") == 0)
        return "Who is asked; give it again for more.";
    if (command && command->op == OP_RECALL && strcmp(option->name, "to") == 0)
        return "Who owes no opinion any more; all when absent.";
    if (command && command->op == OP_OPINE && strcmp(option->name, "answer") == 0)
        return "With what outcome: agreed, agreed_in_part or refused.";
    if (command && command->op == OP_CONSULT && strcmp(option->name, "evidence") == 0)
        return "What is shown with the question: a file, whose size and SHA-256 go along, or a URL; may be given "
               "again.";
    if (command && command->op == OP_SUBSCRIBE && strcmp(option->name, "timeout") == 0)
        return "How long to be without the broker before it ends; without it, it is waited for.";
    if (command && command->op == OP_AGENCY_SET && strcmp(option->name, "backdated") == 0)
        return "Take a day that has passed as its end: for what is entered late.";
    if (of_schedule(command, option))
        return of_schedule(command, option);
    if (is_of_stand_in(command, option->name))
        return option->name[0] == 'f' ? "From this day on; from today when absent." : "To the end of this day.";
    return is_other && strcmp(option->name, "parent") == 0 ? "The agency above it; '' is none." : option->sentence;
}

const char *option_value(const struct command *command, const struct option_row *option)
{
    if (command && command->op == OP_DOCUMENT_SET && strcmp(option->name, "paragraphs") == 0)
        return "ID=TEXT";
    const bool begins = of_schedule(command, option) && strcmp(option->name, "from") == 0;
    if (begins || is_of_stand_in(command, option->name) ||
        (of_schedule(command, option) && strcmp(option->name, "until") == 0))
        return "DAY";
    if (option_kind(command, option) == VALUE_ENDPOINT)
        return "ENDPOINT";
    return option->value && option_kind(command, option) != option->kind ? "AGENCY" : option->value;
}

bool option_many(const struct command *command, const struct option_row *option)
{
    const bool one = strcmp(command->verb, "reassign") == 0 || strcmp(command->verb, "answer") == 0 ||
                     command->op == OP_HAND_OVER;
    return option->many && !(one && strcmp(option->name, "to") == 0);
}

bool option_is_for_some(const char *option)
{
    return strcmp(option, "for") == 0 || strcmp(option, "within") == 0 || strcmp(option, "at-least") == 0;
}

bool command_takes(const struct command *command, const char *option)
{
    const size_t size = strlen(option);
    if (option_is_for_some(option))
        return strcmp(option, "for") == 0 ? command_takes_name(command) : command_reads(command);
    for (size_t i = 0; i < OPTIONS_COMMON; i++)
        if (strcmp(option_rows[i].name, option) == 0)
            return true;
    for (const char *at = command->options; (at = strstr(at, option)); at += size)
        if ((at == command->options || at[-1] == ' ') && (at[size] == ' ' || at[size] == '\0'))
            return true;
    return false;
}
