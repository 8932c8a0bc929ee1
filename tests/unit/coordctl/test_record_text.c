/* What a history says of records, and a watcher of those that are of no task. */
#include "unit/test.h"

#include "../../../clients/coordctl/record_text.h"

static struct msg_record of(int action)
{
    struct msg_record record = {0};
    MSG_SET(&record, record, record, RECORD_TASK);
    if (action)
        MSG_SET(&record, record, action, action);
    if (action)
        MSG_SET(&record, record, request, TEXT("r"));
    return record;
}

static void assert_what(const struct msg_record *record, const char *expected)
{
    char text[400];
    record_what(record, TEXT(""), text, sizeof text);
    assert_string_equal(text, expected);
}

TEST(each_action_has_words_of_its_own)
{
    char text[400];
    for (int action = 1; action <= vocabulary_action.count; action++) {
        const struct msg_record record = of(action);
        record_what(&record, TEXT(""), text, sizeof text);
        assert_string_not_equal(text, term_name(&vocabulary_action, action));
    }
    const struct msg_record newer = of(vocabulary_action.count + 1);
    record_what(&newer, TEXT(""), text, sizeof text);
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

static struct msg_record asking(int action, int kind)
{
    struct msg_record record = of(action);
    MSG_MARK(&record, record, asked);
    MSG_SET(&record.asked, asked, ask, 17);
    MSG_SET(&record.asked, asked, asking, kind);
    MSG_MARK(&record.asked, asked, wanted);
    return record;
}

TEST(what_a_lead_asks_for_is_told_with_its_date_lead_or_end)
{
    struct msg_record record = asking(ACTION_ASK, ASKING_EXTENSION);
    MSG_SET(&record.asked.wanted, wish, due_day, TEXT("2024-07-31"));
    MSG_SET(&record.asked.wanted, wish, due, INT64_C(1722445200000));
    assert_what(&record, "asked for an extension to 2024-07-31 (request 17)");
    record = asking(ACTION_ASK, ASKING_RETURN);
    assert_what(&record, "asked for a return (request 17)");
    MSG_SET(&record.asked.wanted, wish, lead, TEXT("so"));
    assert_what(&record, "asked for a return to so (request 17)");
    record = asking(ACTION_DENY, ASKING_TRANSFER);
    MSG_SET(&record.asked.wanted, wish, lead, TEXT("so"));
    assert_what(&record, "denied a transfer to so (request 17)");
    record = asking(ACTION_TAKE_BACK, ASKING_SUSPENSION);
    MSG_SET(&record.asked.wanted, wish, until_day, TEXT("2024-07-31"));
    MSG_SET(&record.asked.wanted, wish, until, INT64_C(1722445200000));
    assert_what(&record, "took back a suspension until 2024-07-31 (request 17)");
    record = asking(ACTION_GRANT, ASKING_WITHDRAWAL);
    assert_what(&record, "granted the submission back (request 17)");
}

TEST(what_was_granted_is_told_and_not_what_was_asked_for)
{
    struct msg_record record = asking(ACTION_GRANT, ASKING_TRANSFER);
    MSG_SET(&record.asked.wanted, wish, lead, TEXT("so"));
    MSG_MARK(&record.asked, asked, granted);
    MSG_SET(&record.asked.granted, wish, lead, TEXT("xa"));
    MSG_SET(&record.asked.granted, wish, due_day, TEXT("2024-07-15"));
    MSG_SET(&record.asked.granted, wish, due, INT64_C(1721062800000));
    assert_what(&record, "granted a transfer to xa, due 2024-07-15 (request 17)");
}

TEST(what_settles_requests_says_which)
{
    uint64_t ended[] = {17, 19};
    struct msg_record record = of(ACTION_CANCEL);
    MSG_SET(&record, record, ended, ((struct u64s){ended, 2}));
    assert_what(&record, "cancelled it, which settled request 17, 19");
}

TEST(a_task_that_moves_or_ends_with_its_document_is_neither_amended_nor_cancelled)
{
    const struct text paragraphs[] = {TEXT("III.1"), TEXT("III.2")};
    uint64_t ended[] = {17};
    struct msg_record record = of(ACTION_AMEND);
    record.has &= ~MSG_BIT(record, request);
    MSG_MARK(&record, record, content);
    MSG_SET(&record.content, content, document, TEXT("15-KL/TU"));
    assert_what(&record, "moved it to 15-KL/TU, which replaces its document");
    MSG_SET(&record.content, content, paragraphs, ((struct texts){paragraphs, 2}));
    assert_what(&record, "moved it to 15-KL/TU, which replaces its document, there III.1, III.2");
    MSG_SET(&record.content, content, paragraphs, (struct texts){0});
    assert_what(&record, "moved it to 15-KL/TU, which replaces its document, where it has no paragraph");
    record = of(ACTION_CANCEL);
    record.has &= ~MSG_BIT(record, request);
    MSG_SET(&record, record, actor, TEXT("tinh"));
    MSG_SET(&record, record, ended, ((struct u64s){ended, 1}));
    assert_what(&record, "ended it with its document, which was replaced, which settled request 17");
    /* What an agency amends is its own, a document among it. */
    record = of(ACTION_AMEND);
    MSG_SET(&record, record, actor, TEXT("tinh"));
    MSG_MARK(&record, record, content);
    MSG_SET(&record.content, content, document, TEXT("15-KL/TU"));
    assert_what(&record, "amended it: document");
}

TEST(what_does_not_fit_is_cut_and_nothing_is_overrun)
{
    char text[8];
    struct msg_record record = of(ACTION_ASSIGN);
    MSG_SET(&record, record, lead, TEXT("ubnd-tan-hai"));
    record_what(&record, TEXT(""), text, sizeof text);
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
