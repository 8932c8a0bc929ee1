/* What coordctl exits with, error by error: a script that looks at the code does what is right for the kind. */
#include "../../../clients/coordctl/exits.h"

#include <string.h>

#include "errors.h"
#include "unit/test.h"

/* The names of the wire, by what somebody who sees the code is to do. */
static const struct exit_kind {
    enum exit_code code;
    const char *errors; /* by spaces */
} kinds[] = {
    {EXIT_USAGE, /* type something else */
     "frame_too_large frame_too_deep frame_malformed frame_too_many missing_field bad_type out_of_range bad_term "
     "bad_text "
     "bad_date bad_key bad_value upward_directive due_in_past calendar_range duplicate_role evidence_required "
     "bad_argument period_wrong whose_name"},
    {EXIT_NOT_FOUND, /* name something else */
     "agency_unknown task_unknown hot_spot_unknown question_unknown document_unknown paragraph_unknown "
     "calendar_unknown policy_unknown "
     "escalation_unknown key_not_found stream_unknown "
     "ask_unknown schedule_unknown"},
    {EXIT_FORBIDDEN, /* ask for the right */
     "key_unknown key_revoked key_expired agency_closed right_missing not_authorised not_taskable "
     "not_stood_in_for not_its_own"},
    {EXIT_CONFLICT, /* look again, and decide */
     "conflict wrong_state reference_taken not_assignable tree_cycle key_taken request_reused already_subscribed "
     "open_parts "
     "other_store label_taken due_after_parent already_asked asked_late waits_for_itself document_taken document_over "
     "series_begun no_indicator"},
    {EXIT_NO_BROKER, "timed_out bad_reply"}, /* the same again */
    {EXIT_CONTEXT, "bad_context"},           /* see to the context file */
    {EXIT_SYSTEM, "no_memory system"},       /* see to the machine */
    {EXIT_REFUSED,                           /* wait, or see to the broker */
     "unknown_op rate_limited in_flight_limit stream_limit credit_limit capacity batch_full cost_limited "
     "connection_limit storage_limited write_limited storage_full "
     "stopping "
     "backup_running backup_failed clock_doubtful not_leader behind not_several hand_over_failed"},
};
#define KINDS (sizeof kinds / sizeof *kinds)

static bool names(const char *errors, const char *name)
{
    const size_t size = strlen(name);
    for (const char *at = errors; (at = strstr(at, name)); at += size)
        if ((at == errors || at[-1] == ' ') && (at[size] == ' ' || !at[size]))
            return true;
    return false;
}

TEST(each_error_exits_with_the_code_of_its_kind)
{
    unsigned looked = 0;
    for (int number = 1; number < 1000; number++) {
        const struct error_row *row = error_row(-number);
        unsigned found = 0;
        if (!row)
            continue;
        looked++;
        for (size_t i = 0; i < KINDS; i++) {
            if (!names(kinds[i].errors, row->name))
                continue;
            found++;
            if (exit_code_of(-number) != kinds[i].code)
                fail_msg("%s exits %d, not %d", row->name, (int)exit_code_of(-number), (int)kinds[i].code);
        }
        if (found != 1)
            fail_msg("%s is of %u kinds", row->name, found);
    }
    assert_true(looked > 60);
}

TEST(an_error_that_only_a_newer_broker_knows_is_a_refusal)
{
    assert_int_equal(exit_code_of(-999), EXIT_REFUSED);
    assert_int_equal(exit_code_of(-39), EXIT_REFUSED);
    assert_null(exit_next(-999, OP_HELLO));
}

/* Where the broker says that the same may succeed later, a script may try it again: never under a code that says that another line
 * is needed. */
TEST(what_may_be_tried_again_unchanged_is_no_mistake_of_the_command_line)
{
    for (int number = 1; number < 1000; number++) {
        const struct error_row *row = error_row(-number);
        if (row && row->retry)
            assert_true(exit_code_of(-number) == EXIT_REFUSED || exit_code_of(-number) == EXIT_NO_BROKER ||
                        exit_code_of(-number) == EXIT_SYSTEM);
    }
}
