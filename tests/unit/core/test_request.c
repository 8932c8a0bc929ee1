/* Requests as such: once only, in batches, composed, signed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/state.h"
#include "unit/core/world.h"
#include "unit/test.h"

static struct msg_change change_of(uint64_t task, const char *note)
{
    struct msg_change change = {0};
    MSG_SET(&change, change, task, task);
    MSG_SET(&change, change, note, text_of(note));
    return change;
}

static const struct effect *find_effect(const struct world *world, enum effect_type type)
{
    for (size_t i = 0; i < world->effects.count; i++)
        if (world->effects.items[i].type == type)
            return &world->effects.items[i];
    return NULL;
}

/* The bytes of the one reply, to be freed. */
static struct text reply_bytes(const struct world *world)
{
    const struct effect *effect = find_effect(world, EFFECT_REPLY);
    assert_non_null(effect);
    char *copy = malloc(effect->reply.body.size);
    memcpy(copy, effects_bytes(&world->effects, effect->reply.body), effect->reply.body.size);
    return (struct text){copy, effect->reply.body.size};
}

static void check_again(struct world *world, struct text first, const char *id)
{
    const struct effect *effect = find_effect(world, EFFECT_RESEND);
    assert_non_null(effect);
    assert_null(find_effect(world, EFFECT_RECORD));
    const struct msg_record *record = world_record(world, effect->resend.seq);
    struct buffer frame = {0};
    core_reply_again(text_of(id), effect->resend.digest, &world->records[effect->resend.seq - 1],
                     MSG_HAS(record, record, parts) ? (size_t)record->parts : 1, &frame);
    assert_true(text_equal(first, (struct text){frame.data, (uint32_t)frame.size}));
    buffer_done(&frame);
}

TEST(a_resent_change_gets_the_first_reply_byte_by_byte_and_happens_once)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", "2024-06-28");
    struct msg_change change = change_of(task, "đã nhận");
    assert_int_equal(world_send_as(world, "xa1", OP_ACCEPT, "lan-1", &change), 0);
    struct text first = reply_bytes(world);
    size_t records = world->record_count;
    world->now += WORLD_DAY;
    assert_int_equal(world_send_as(world, "xa1", OP_ACCEPT, "lan-1", &change), 0);
    assert_int_equal(world->record_count, records);
    check_again(world, first, "lan-1");
    free((void *)(uintptr_t)first.data);
    world_free(world);
}

TEST(an_assignment_to_several_is_one_request_with_one_reply)
{
    struct world *world = world_new();
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("HT-002"));
    MSG_SET(&assign, assign, children_of, TEXT("huyen"));
    MSG_SET(&assign.content, content, title, TEXT("Báo cáo kết quả"));
    MSG_SET(&assign.content, content, due, TEXT("10wd"));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send_as(world, "huyen", OP_ASSIGN, "nhieu", &assign), 0);
    assert_int_equal(WORLD_REPLY(world, change_reply)->tasks.count, 3);
    assert_true(text_equal(WORLD_REPLY(world, change_reply)->tasks.items[2].reference, TEXT("HT-002/xa3")));
    struct text first = reply_bytes(world);
    for (uint64_t part = 0; part < 3; part++) {
        const struct msg_record *record = world_record(world, world->record_count - 2 + part);
        assert_int_equal(record->part, part);
        assert_int_equal(record->parts, 3);
    }
    size_t records = world->record_count;
    assert_int_equal(world_send_as(world, "huyen", OP_ASSIGN, "nhieu", &assign), 0);
    assert_int_equal(world->record_count, records);
    check_again(world, first, "nhieu");
    free((void *)(uintptr_t)first.data);
    world_free(world);
}

TEST(one_lead_that_is_wrong_refuses_the_whole_assignment)
{
    struct world *world = world_new();
    struct text leads[] = {TEXT("xa1"), TEXT("xa2")};
    world_assign(world, "huyen", "so1", "HT-003/xa2", NULL);
    size_t records = world->record_count;
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("HT-003"));
    MSG_SET(&assign, assign, leads, (struct texts){leads, 2});
    MSG_SET(&assign.content, content, title, TEXT("Việc"));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), COORD_E_REFERENCE_TAKEN);
    assert_int_equal(world->record_count, records);
    world_free(world);
}

TEST(an_id_used_for_another_change_is_refused_as_reused)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", NULL);
    struct msg_change first = change_of(task, "một"), second = change_of(task, "hai");
    assert_int_equal(world_send_as(world, "xa1", OP_ACCEPT, "lan-1", &first), 0);
    assert_int_equal(world_send_as(world, "xa1", OP_ACCEPT, "lan-1", &second), COORD_E_REQUEST_REUSED);
    assert_true(text_equal(world->refusal.field, TEXT("id")));
    world_free(world);
}

TEST(another_agency_may_use_the_same_id)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", NULL);
    struct msg_comment comment = {0};
    MSG_SET(&comment, comment, task, task);
    MSG_SET(&comment, comment, note, TEXT("ý kiến"));
    assert_int_equal(world_send_as(world, "xa1", OP_COMMENT, "1", &comment), 0);
    assert_int_equal(world_send_as(world, "huyen", OP_COMMENT, "1", &comment), 0);
    assert_non_null(find_effect(world, EFFECT_RECORD));
    world_free(world);
}

TEST(a_refused_request_leaves_no_trace_so_its_id_may_be_sent_again)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", NULL);
    struct msg_change change = change_of(task, "bắt đầu");
    assert_int_equal(world_send_as(world, "xa1", OP_START, "x", &change), COORD_E_WRONG_STATE);
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    assert_int_equal(world_send_as(world, "xa1", OP_START, "x", &change), 0);
    assert_non_null(find_effect(world, EFFECT_RECORD));
    world_free(world);
}

/* ---- batches ---- */

static struct text element(struct arena *arena, enum op op, const char *id, const void *request)
{
    struct buffer frame = {0};
    message_encode(&frame, op_row(op)->name, text_of(id), op_row(op)->request, request);
    struct text copy = arena_copy(arena, (struct text){frame.data, (uint32_t)frame.size});
    buffer_done(&frame);
    return copy;
}

TEST(each_request_of_a_batch_is_answered_by_itself)
{
    struct world *world = world_new();
    struct arena arena = {0};
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", NULL);
    struct msg_change change = change_of(task, "nhận");
    struct msg_task_get get = {0};
    struct msg_empty nothing = {0};
    struct msg_batch batch = {0}, inner = {0};
    MSG_SET(&get, task_get, task, task);
    struct text leaf = element(&arena, OP_HELLO, "h", &nothing);
    MSG_SET(&inner, batch, requests, (coord_raws){&leaf, 1});
    struct text requests[] = {
        element(&arena, OP_ACCEPT, "a", &change),  element(&arena, OP_ACCEPT, "b", &change),
        element(&arena, OP_TASK_GET, "c", &get),   element(&arena, OP_UNSUBSCRIBE, "d", &nothing),
        element(&arena, OP_BATCH, "e", &inner),    element(&arena, OP_ACCEPT, "a", &change),
        element(&arena, OP_STATUS, "g", &nothing),
    };
    MSG_SET(&batch, batch, requests, (coord_raws){requests, 7});
    world_send(world, "xa1", OP_BATCH, &batch);
    assert_int_equal(world->effects.items[0].type, EFFECT_BATCH);
    assert_int_equal(world->effects.items[0].batch.count, 7);
    uint32_t slots = 0;
    for (size_t i = 1; i < world->effects.count; i++) {
        const struct effect *effect = &world->effects.items[i];
        const struct reply_to *to = effect->type == EFFECT_REPLY    ? &effect->reply.to
                                    : effect->type == EFFECT_RESEND ? &effect->resend.to
                                                                    : NULL;
        if (!to)
            continue;
        assert_int_equal(to->batch, 1);
        slots |= UINT32_C(1) << to->slot;
        bool refused = to->slot == 1 || to->slot == 3 || to->slot == 4 || to->slot == 6;
        if (effect->type == EFFECT_REPLY)
            assert_int_equal(effect->reply.refused != 0, refused);
        else
            assert_int_equal(to->slot, 5);
    }
    assert_int_equal(slots, 0x7f);
    arena_done(&arena);
    world_free(world);
}

/* The error of one request of the batch that was sent last; 0 when it was done. */
static int error_of(struct world *world, uint32_t slot)
{
    for (size_t i = 0; i < world->effects.count; i++) {
        const struct effect *effect = &world->effects.items[i];
        struct envelope envelope;
        struct msg_error refusal;
        struct problem problem = {0};
        if (effect->type != EFFECT_REPLY || effect->reply.to.slot != slot)
            continue;
        const void *body = effects_bytes(&world->effects, effect->reply.body);
        assert_int_equal(decoder_open(world->decoder, body, effect->reply.body.size, &envelope, &problem), 0);
        if (text_equal(envelope.op, TEXT("reply")))
            return 0;
        assert_int_equal(decoder_read(world->decoder, &message_error, &refusal, &problem), 0);
        return error_row_named(refusal.error.data, refusal.error.size)->error;
    }
    fail_msg("request %u of the batch has no reply", (unsigned)slot);
    return 0;
}

static struct msg_key_set key_set_of(const char *agency, const char *label, uint32_t rights)
{
    struct msg_key_set set = {0};
    MSG_SET(&set, key_set, agency, text_of(agency));
    MSG_SET(&set.key, key, public_key, text_of(world_key(agency)));
    MSG_SET(&set.key, key, label, text_of(label));
    MSG_SET(&set.key, key, rights, rights);
    MSG_MARK(&set, key_set, key);
    return set;
}

TEST(a_batch_that_changes_its_own_key_goes_on_with_the_key_as_it_is_now)
{
    struct world *world = world_new();
    struct arena arena = {0};
    uint64_t task = world_assign(world, "tinh", "huyen", "HT-001", NULL);
    struct msg_comment comment = {0};
    MSG_SET(&comment, comment, task, task);
    MSG_SET(&comment, comment, note, TEXT("một"));
    const uint32_t act = TERM_BIT(RIGHT_ACT), administer = TERM_BIT(RIGHT_ADMINISTER);
    struct msg_key_set other = key_set_of("huyen", "huyện", act | administer);
    struct msg_key_set renamed = key_set_of("tinh", "văn phòng", act | administer);
    struct msg_key_set limited = key_set_of("tinh", "văn phòng", administer);
    struct msg_key_revoke revoke = {0};
    MSG_SET(&revoke, key_revoke, public_key, text_of(world_key("tinh")));
    struct text requests[] = {
        element(&arena, OP_KEY_SET, "a", &other),   element(&arena, OP_KEY_SET, "b", &renamed),
        element(&arena, OP_COMMENT, "c", &comment), element(&arena, OP_KEY_SET, "d", &limited),
        element(&arena, OP_COMMENT, "e", &comment), element(&arena, OP_KEY_REVOKE, "f", &revoke),
        element(&arena, OP_KEY_SET, "g", &renamed), element(&arena, OP_COMMENT, "h", &comment),
    };
    static const int errors[] = {0, 0, 0, 0, COORD_E_RIGHT_MISSING, 0, COORD_E_KEY_REVOKED, COORD_E_KEY_REVOKED};
    struct msg_batch batch = {0};
    MSG_SET(&batch, batch, requests, (coord_raws){requests, 8});
    const uint64_t before = world->record_count;
    world_send(world, "tinh", OP_BATCH, &batch);
    for (uint32_t i = 0; i < 8; i++)
        assert_int_equal(error_of(world, i), errors[i]);
    assert_int_equal(world->record_count, before + 5);
    assert_true(text_equal(world_record(world, before + 3)->key, TEXT("văn phòng")));
    arena_done(&arena);
    world_free(world);
}

TEST(a_batch_stops_reading_when_its_replies_fill_a_frame)
{
    struct world *world = world_new();
    struct arena arena = {0};
    char *big = calloc(1, 16001);
    memset(big, 'x', 16000);
    struct text lead = TEXT("xa1"), requests[64];
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("HT-001"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Việc"));
    MSG_SET(&assign.content, content, description, text_of(big));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    struct msg_task_get get = {0};
    struct msg_batch batch = {0};
    MSG_SET(&get, task_get, task, 1);
    for (int i = 0; i < 64; i++)
        requests[i] = element(&arena, OP_TASK_GET, "g", &get);
    MSG_SET(&batch, batch, requests, (coord_raws){requests, 64});
    world_send(world, "xa1", OP_BATCH, &batch);
    size_t served = 0, refused = 0;
    for (size_t i = 1; i < world->effects.count; i++)
        if (world->effects.items[i].type == EFFECT_REPLY)
            *(world->effects.items[i].reply.refused ? &refused : &served) += 1;
    assert_int_equal(served + refused, 64);
    assert_in_range(served, 20, 40);
    assert_in_range(world->effects.bytes.size, 1, 900 * 1024);
    free(big);
    arena_done(&arena);
    world_free(world);
}

static void count_answers(const struct world *world, size_t *served, size_t *refused)
{
    *served = *refused = 0;
    for (size_t i = 0; i < world->effects.count; i++)
        if (world->effects.items[i].type == EFFECT_REPLY)
            *(world->effects.items[i].reply.refused ? refused : served) += 1;
}

/* Notes are the frame's bytes, and no part of the replies. */
TEST(a_batch_of_changes_is_done_whole_however_much_they_say)
{
    struct world *world = world_new();
    struct arena arena = {0};
    char note[4000];
    struct text requests[256];
    struct msg_comment comment = {0};
    struct msg_batch batch = {0};
    size_t served, refused;
    memset(note, 'x', sizeof note);
    MSG_SET(&comment, comment, task, world_assign(world, "huyen", "xa1", "HT-001", NULL));
    MSG_SET(&comment, comment, note, (struct text){note, sizeof note});
    for (int i = 0; i < 250; i++)
        requests[i] = element(&arena, OP_COMMENT, (char[]){'c', (char)('A' + i / 16), (char)('A' + i % 16), '\0'},
                              &comment);
    MSG_SET(&batch, batch, requests, (coord_raws){requests, 250});
    world_send(world, "xa1", OP_BATCH, &batch);
    count_answers(world, &served, &refused);
    assert_int_equal(served, 250);
    assert_int_equal(refused, 0);
    arena_done(&arena);
    world_free(world);
}

TEST(a_batch_stops_changing_when_it_has_said_much_of_many_tasks)
{
    struct world *world = world_new();
    struct arena arena = {0};
    char *big = calloc(1, 16001);
    struct text leads[] = {TEXT("xa1"), TEXT("xa2"), TEXT("xa3"),  TEXT("huyen"),
                           TEXT("so1"), TEXT("so2"), TEXT("phong")};
    struct text requests[60];
    struct msg_assign assign = {0};
    struct msg_batch batch = {0};
    size_t served, refused;
    memset(big, 'x', 16000);
    MSG_SET(&assign, assign, leads, (struct texts){leads, 7});
    MSG_SET(&assign.content, content, title, TEXT("Việc"));
    MSG_SET(&assign.content, content, description, text_of(big));
    MSG_MARK(&assign, assign, content);
    for (int i = 0; i < 60; i++) {
        char id[] = {'a', (char)('A' + i / 16), (char)('A' + i % 16), '\0'};
        MSG_SET(&assign, assign, reference, text_of(id));
        requests[i] = element(&arena, OP_ASSIGN, id, &assign);
    }
    MSG_SET(&batch, batch, requests, (coord_raws){requests, 60});
    world_send(world, "tinh", OP_BATCH, &batch);
    count_answers(world, &served, &refused);
    assert_int_equal(served + refused, 60);
    assert_in_range(served, 30, 40);
    assert_in_range(world->effects.bytes.size, 1, 5 * 1024 * 1024);
    free(big);
    arena_done(&arena);
    world_free(world);
}

/* ---- what comes in ---- */

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
    struct msg_change change = change_of(task, "nhận");
    MSG_SET(&change, change, officer, TEXT("Nguyễn Văn An"));
    assert_int_equal(world_send_as(world, "xa1", OP_ACCEPT, "so-1", &change), 0);
    const struct msg_record *record = world_record(world, world->record_count);
    assert_true(text_equal(record->actor, TEXT("xa1")));
    assert_true(text_equal(record->officer, TEXT("Nguyễn Văn An")));
    assert_true(text_equal(record->request, TEXT("so-1")));
    assert_int_equal(record->digest.size, 16);
    assert_int_equal(record->time, world->now);
    /* The journal keeps a task's records in a chain by what the effect says of them. */
    const struct effect *effect = find_effect(world, EFFECT_RECORD);
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
    const struct effect *effect = find_effect(world, EFFECT_STREAM);
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
    effect = find_effect(world, EFFECT_STREAM);
    assert_true(effect->stream.from_given);
    assert_int_equal(effect->stream.from, 3);
    assert_int_equal(effect->stream.severity, 0);
    assert_false(effect->stream.subtree);
    world_send(world, "tinh", OP_STATUS, NULL);
    assert_int_equal(find_effect(world, EFFECT_BROKER)->broker.op, OP_STATUS);
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
    assert_non_null(find_effect(world, EFFECT_RESEND));
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

/* What the only reply of the last event says to the loop of bundles. */
static int bundles_of(struct world *world)
{
    return find_effect(world, EFFECT_REPLY)->reply.bundles;
}

TEST(hello_asks_for_bundles_or_no_more_or_leaves_it_as_it_is)
{
    struct world *world = world_new();
    struct arena arena = {0};
    struct msg_hello hello = {0};
    struct msg_batch batch = {0};
    assert_int_equal(world_send(world, "xa1", OP_HELLO, &hello), 0);
    assert_false(MSG_HAS(WORLD_REPLY(world, hello_reply), hello_reply, bundles));
    assert_int_equal(bundles_of(world), BUNDLES_UNSAID);
    MSG_SET(&hello, hello, bundles, true);
    assert_int_equal(world_send(world, "xa1", OP_HELLO, &hello), 0);
    assert_true(WORLD_REPLY(world, hello_reply)->bundles);
    assert_int_equal(bundles_of(world), BUNDLES_ON);
    struct text inner = element(&arena, OP_HELLO, "h", &hello);
    MSG_SET(&batch, batch, requests, (coord_raws){&inner, 1});
    world_send(world, "xa1", OP_BATCH, &batch); /* the connection is not the batch's to change */
    assert_int_equal(bundles_of(world), BUNDLES_UNSAID);
    MSG_SET(&hello, hello, bundles, false);
    assert_int_equal(world_send(world, "xa1", OP_HELLO, &hello), 0);
    assert_true(MSG_HAS(WORLD_REPLY(world, hello_reply), hello_reply, bundles));
    assert_false(WORLD_REPLY(world, hello_reply)->bundles);
    assert_int_equal(bundles_of(world), BUNDLES_OFF);
    arena_done(&arena);
    world_free(world);
}
