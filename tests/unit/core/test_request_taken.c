/* What comes in: composed, signed, for the loop; and what changes nothing is remembered. */
#include "core/state.h"
#include "unit/core/sent.h"
#include "unit/core/world.h"
#include "unit/test.h"

TEST(decomposed_text_is_composed_and_found_without_its_tones)
{
    struct world *world = world_new();
    struct text lead = TEXT("xa1");
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("HT-001"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    /* "Đất ở Tân Hà", decomposed */
    MSG_SET(&assign.content, content, title, TEXT("\u0110a\u0302\u0301t o\u031b\u0309 Ta\u0302n Ha\u0300"));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    struct msg_task_list list = {0};
    MSG_SET(&list, task_list, search, TEXT("dat o tan"));
    assert_int_equal(world_send(world, "xa1", OP_TASK_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, tasks_reply)->tasks.count, 1);
    assert_true(text_equal(WORLD_REPLY(world, tasks_reply)->tasks.items[0].title, TEXT("Đất ở Tân Hà")));
    world_free(world);
}

TEST(a_record_says_who_did_it_with_which_key_and_for_whom)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", NULL);
    struct msg_change change = sent_change(task, "nhận");
    MSG_SET(&change, change, officer, TEXT("Nguyễn Văn An"));
    assert_int_equal(world_send_as(world, "xa1", OP_ACCEPT, "so-1", &change), 0);
    const struct msg_record *record = world_record(world, world->record_count);
    assert_true(text_equal(record->actor, TEXT("xa1")));
    assert_true(text_equal(record->officer, TEXT("Nguyễn Văn An")));
    assert_true(text_equal(record->request, TEXT("so-1")));
    assert_int_equal(record->digest.size, 16);
    assert_int_equal(record->time, world->now);
    /* The journal keeps a task's records in a chain by what the effect says of them. */
    const struct effect *effect = sent_effect(world, EFFECT_RECORD);
    assert_int_equal(effect->record.seq, record->seq);
    assert_int_equal(effect->record.task, task);
    assert_int_equal(effect->record.previous, record->seq - 1);
    assert_true(text_equal(record->note, TEXT("nhận")));
    world_free(world);
}

TEST(what_the_loop_answers_comes_out_as_what_it_needs_to_know)
{
    struct world *world = world_new();
    struct msg_subscribe subscribe = {0};
    MSG_SET(&subscribe, subscribe, consumer, TEXT("thu-ky"));
    MSG_SET(&subscribe, subscribe, credit, 100);
    MSG_SET(&subscribe, subscribe, severity, SEVERITY_WARNING);
    MSG_SET(&subscribe, subscribe, notices, TERM_BIT(NOTICE_OVERDUE) | TERM_BIT(NOTICE_ESCALATED));
    MSG_SET(&subscribe, subscribe, subtree, true);
    world_send(world, "huyen", OP_SUBSCRIBE, &subscribe);
    const struct effect *effect = sent_effect(world, EFFECT_STREAM);
    assert_non_null(effect);
    assert_int_equal(effect->stream.op, OP_SUBSCRIBE);
    assert_int_equal(effect->stream.credit, 100);
    assert_int_equal(effect->stream.severity, SEVERITY_WARNING);
    assert_int_equal(effect->stream.notices, TERM_BIT(NOTICE_OVERDUE) | TERM_BIT(NOTICE_ESCALATED));
    assert_true(effect->stream.subtree);
    assert_false(effect->stream.from_given);
    assert_true(
        text_equal((struct text){effects_bytes(&world->effects, effect->stream.consumer), effect->stream.consumer.size},
                   TEXT("thu-ky")));
    assert_true(text_equal(core_agency_id(world->core, effect->stream.agency), TEXT("huyen")));
    subscribe = (struct msg_subscribe){0};
    MSG_SET(&subscribe, subscribe, credit, 1);
    MSG_SET(&subscribe, subscribe, from, 3);
    world_send(world, "huyen", OP_SUBSCRIBE, &subscribe);
    effect = sent_effect(world, EFFECT_STREAM);
    assert_true(effect->stream.from_given);
    assert_int_equal(effect->stream.from, 3);
    assert_int_equal(effect->stream.severity, 0);
    assert_false(effect->stream.subtree);
    world_send(world, "tinh", OP_STATUS, NULL);
    assert_int_equal(sent_effect(world, EFFECT_BROKER)->broker.op, OP_STATUS);
    world_free(world);
}

TEST(setting_what_is_there_already_changes_nothing_and_says_so)
{
    struct world *world = world_new();
    size_t records = world->record_count;
    struct msg_agency_set agency = {0};
    MSG_SET(&agency.agency, agency, agency, TEXT("xa1"));
    MSG_SET(&agency.agency, agency, name, TEXT("xa1"));
    MSG_SET(&agency.agency, agency, parent, TEXT("huyen"));
    MSG_SET(&agency.agency, agency, assignable, true); /* as its absence says */
    MSG_MARK(&agency, agency_set, agency);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &agency), 0);
    assert_int_equal(world->record_count, ++records);
    assert_int_equal(world_record(world, records)->record, RECORD_UNCHANGED);
    assert_int_equal(WORLD_REPLY(world, change_reply)->seq, 0);
    struct msg_policy_set policy = {0};
    MSG_SET(&policy.policy, policy, policy, TEXT("khieu-nai"));
    MSG_MARK(&policy.policy, policy, steps);
    MSG_MARK(&policy, policy_set, policy);
    for (int i = 0; i < 2; i++)
        assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &policy), 0);
    assert_int_equal(world_record(world, ++records)->record, RECORD_POLICY);
    assert_int_equal(world_record(world, ++records)->record, RECORD_UNCHANGED);
    assert_int_equal(world->record_count, records);
    MSG_SET(&policy.policy, policy, name, TEXT("Khiếu nại"));
    assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &policy), 0);
    assert_int_equal(world_record(world, world->record_count)->policy_set.version, 2);
    struct msg_list list = {0};
    assert_int_equal(world_send(world, "tinh", OP_CALENDAR_LIST, &list), 0);
    struct msg_calendar_set calendar = {0};
    MSG_SET(&calendar, calendar_set, calendar, WORLD_REPLY(world, calendars_reply)->calendars.items[0]);
    assert_int_equal(world_send(world, "tinh", OP_CALENDAR_SET, &calendar), 0);
    assert_int_equal(world->record_count, records + 2);
    world_free(world);
}

/* Sent again after somebody else's change, it would undo it. */
TEST(a_change_that_changed_nothing_is_remembered_across_a_restart)
{
    struct world *world = world_new();
    struct msg_agency_set same = agency_set("xa1", "huyen"), other = agency_set("xa1", "huyen");
    assert_int_equal(world_send_as(world, "tinh", OP_AGENCY_SET, "lan-1", &same), 0);
    assert_int_equal(WORLD_REPLY(world, change_reply)->seq, 0);
    MSG_SET(&other.agency, agency, name, TEXT("Xã Một"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &other), 0);
    for (int restart = 0; restart < 2; restart++) {
        size_t records = world->record_count;
        assert_int_equal(world_send_as(world, "tinh", OP_AGENCY_SET, "lan-1", &same), 0);
        assert_int_equal(WORLD_REPLY(world, change_reply)->seq, 0);
        assert_int_equal(world->record_count, records);
        const struct agency *agency = core_agency(world->core, core_agency_find(world->core, TEXT("xa1")));
        assert_true(text_equal(agency->message->name, TEXT("Xã Một")));
        assert_int_equal(world_send_as(world, "tinh", OP_AGENCY_SET, "lan-1", &other), COORD_E_REQUEST_REUSED);
        struct core *restored = world_restore(world, NULL, 0, 0);
        core_free(world->core);
        world->core = restored;
    }
    world_free(world);
}

TEST(an_administrators_own_agency_may_be_renamed_by_a_request_that_is_remembered)
{
    struct world *world = world_new();
    struct msg_agency_set agency = {0};
    MSG_SET(&agency.agency, agency, agency, TEXT("tinh"));
    MSG_SET(&agency.agency, agency, name, TEXT("Tỉnh sau sáp nhập"));
    MSG_MARK(&agency, agency_set, agency);
    assert_int_equal(world_send_as(world, "tinh", OP_AGENCY_SET, "doi-ten", &agency), 0);
    size_t records = world->record_count;
    assert_int_equal(world_send_as(world, "tinh", OP_AGENCY_SET, "doi-ten", &agency), 0);
    assert_non_null(sent_effect(world, EFFECT_RESEND));
    assert_int_equal(world->record_count, records);
    world_free(world);
}

TEST(hello_says_who_one_is_and_what_the_broker_takes)
{
    struct world *world = world_new();
    assert_int_equal(world_send(world, "xa1", OP_HELLO, NULL), 0);
    const struct msg_hello_reply *hello = WORLD_REPLY(world, hello_reply);
    assert_true(text_equal(hello->agency, TEXT("xa1")));
    assert_int_equal(hello->rights, TERM_BIT(RIGHT_READ) | TERM_BIT(RIGHT_ACT));
    assert_int_equal(hello->seq, world->record_count);
    assert_false(hello->rehearsal);
    core_set_rehearsal(world->core, true);
    assert_int_equal(world_send(world, "xa1", OP_HELLO, NULL), 0);
    assert_true(WORLD_REPLY(world, hello_reply)->rehearsal);
    world_free(world);
}
