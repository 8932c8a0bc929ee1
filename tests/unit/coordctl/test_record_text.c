/* What a history says of records, and a watcher of those that are of no task. */
#include "unit/test.h"

#include "../../../clients/coordctl/record_text.h"

static struct msg_record of(int action)
{
    struct msg_record record = {0};
    MSG_SET(&record, record, record, RECORD_TASK);
    if (action)
        MSG_SET(&record, record, action, action);
    return record;
}

static void assert_what(const struct msg_record *record, const char *expected)
{
    char text[400];
    record_what(record, text, sizeof text);
    assert_string_equal(text, expected);
}

TEST(each_action_has_words_of_its_own)
{
    char text[400];
    for (int action = 1; action <= vocabulary_action.count; action++) {
        const struct msg_record record = of(action);
        record_what(&record, text, sizeof text);
        assert_string_not_equal(text, term_name(&vocabulary_action, action));
    }
    const struct msg_record newer = of(vocabulary_action.count + 1);
    record_what(&newer, text, sizeof text);
}

TEST(what_time_did_says_to_whom_and_by_which_step)
{
    const struct text told[] = {TEXT("huyen"), TEXT("tinh")};
    struct msg_record rung = {0};
    MSG_SET(&rung, record, record, RECORD_RUNG);
    MSG_SET(&rung, record, deadline, DEADLINE_COMPLETION);
    MSG_SET(&rung, record, step, 0);
    assert_what(&rung, "told nobody (the due date, step 0)");
    MSG_SET(&rung, record, notice, NOTICE_REMINDER);
    MSG_SET(&rung, record, to, ((struct texts){told, 2}));
    assert_what(&rung, "reminded huyen, tinh (the due date, step 0)");
    MSG_SET(&rung, record, notice, NOTICE_ESCALATED);
    MSG_SET(&rung, record, level, 2);
    MSG_SET(&rung, record, addressed, ((struct texts){told, 1}));
    MSG_SET(&rung, record, round, 3);
    assert_what(&rung, "escalated at level 2 to huyen (the due date, step 0, round 3)");
    rung.has &= ~MSG_BIT(record, step);
    assert_what(&rung, "passed the escalation on at level 2 to huyen (the due date, round 3)");
}

TEST(what_does_not_fit_is_cut_and_nothing_is_overrun)
{
    char text[8];
    struct msg_record record = of(ACTION_ASSIGN);
    MSG_SET(&record, record, lead, TEXT("ubnd-tan-hai"));
    record_what(&record, text, sizeof text);
    assert_string_equal(text, "gave it");
}

TEST(a_notification_of_no_task_has_a_subject)
{
    char text[200];
    struct msg_record record = {0};
    MSG_SET(&record, record, record, RECORD_STORE);
    record_subject(&record, text, sizeof text);
    assert_string_equal(text, "the store");
    MSG_SET(&record, record, record, RECORD_KEY);
    MSG_SET(&record, record, agency, ((struct msg_agency){.agency = TEXT("tinh")}));
    MSG_SET(&record, record, entry, ((struct msg_key){.label = TEXT("dự phòng")}));
    record_subject(&record, text, sizeof text);
    assert_string_equal(text, "key dự phòng of tinh");
}
