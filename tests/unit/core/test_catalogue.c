/* Keys, calendars and policies by page, and what is asked of a calendar. */
#include <stdio.h>

#include "core/state.h"
#include "unit/core/world.h"
#include "unit/test.h"

TEST(keys_are_listed_by_agency_and_by_page)
{
    struct world *world = world_new();
    struct msg_key_list request = {0};
    char after[41];
    uint32_t count = 0;
    MSG_SET(&request, key_list, limit, 4);
    for (;;) {
        assert_int_equal(world_send(world, "tinh", OP_KEY_LIST, &request), 0);
        const struct msg_keys_reply *reply = WORLD_REPLY(world, keys_reply);
        count += reply->keys.count;
        if (!MSG_HAS(reply, keys_reply, next))
            break;
        snprintf(after, sizeof after, "%.*s", TEXT_ARGS(reply->next));
        MSG_SET(&request, key_list, after, text_of(after));
    }
    assert_int_equal(count, 9);
    request = (struct msg_key_list){0};
    MSG_SET(&request, key_list, agency, TEXT("xa2"));
    assert_int_equal(world_send(world, "tinh", OP_KEY_LIST, &request), 0);
    assert_int_equal(WORLD_REPLY(world, keys_reply)->keys.count, 1);
    assert_int_equal(world_send(world, "xa2", OP_KEY_LIST, &request), 0);
    assert_int_equal(WORLD_REPLY(world, keys_reply)->keys.count, 1);
    MSG_SET(&request, key_list, agency, TEXT("khong-co"));
    assert_int_equal(world_send(world, "xa2", OP_KEY_LIST, &request), COORD_E_AGENCY_UNKNOWN);
    world_free(world);
}

static void set_calendar(struct world *world, const char *id)
{
    struct msg_hours hours = {0};
    struct msg_calendar_set set = {0};
    MSG_SET(&hours, hours, weekday, 1);
    MSG_SET(&hours, hours, open, 450);
    MSG_SET(&hours, hours, close, 1020);
    MSG_SET(&set.calendar, calendar, calendar, text_of(id));
    MSG_SET(&set.calendar, calendar, utc_offset, 420);
    MSG_SET(&set.calendar, calendar, hours, (struct msg_hours_items){&hours, 1});
    MSG_MARK(&set, calendar_set, calendar);
    assert_int_equal(world_send(world, "tinh", OP_CALENDAR_SET, &set), 0);
}

static int set_policy(struct world *world, const char *id, uint64_t accept_within)
{
    struct msg_policy_set set = {0};
    MSG_SET(&set.policy, policy, policy, text_of(id));
    MSG_SET(&set.policy, policy, accept_within, accept_within);
    MSG_MARK(&set.policy, policy, steps);
    MSG_MARK(&set, policy_set, policy);
    return world_send(world, "tinh", OP_POLICY_SET, &set);
}

/* The ids that come page after page, as `a b c`. */
#define LIST_IDS(world, op_, reply_, items_, id_, request_, ids)                                                       \
    do {                                                                                                               \
        size_t at_ = 0;                                                                                                \
        char after_[65];                                                                                               \
        (ids)[0] = '\0';                                                                                               \
        for (;;) {                                                                                                     \
            assert_int_equal(world_send(world, "xa1", op_, &(request_)), 0);                                           \
            for (uint32_t i = 0; i < WORLD_REPLY(world, reply_)->items_.count; i++)                                    \
                at_ += (size_t)snprintf((ids) + at_, sizeof ids - at_, "%s%.*s", at_ ? " " : "",                       \
                                        TEXT_ARGS(WORLD_REPLY(world, reply_)->items_.items[i].id_));                   \
            if (!MSG_HAS(WORLD_REPLY(world, reply_), reply_, next))                                                    \
                break;                                                                                                 \
            snprintf(after_, sizeof after_, "%.*s", TEXT_ARGS(WORLD_REPLY(world, reply_)->next));                      \
            MSG_SET(&(request_), list, after, text_of(after_));                                                        \
        }                                                                                                              \
    } while (0)

TEST(calendars_and_policies_are_listed_in_the_order_of_their_ids_by_page)
{
    struct world *world = world_new();
    static const char *const ids[] = {"m", "z", "b", "x", "c"};
    char found[256];
    struct msg_list request = {0};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        set_calendar(world, ids[i]);
        assert_int_equal(set_policy(world, ids[i], 1), 0);
        assert_int_equal(set_policy(world, ids[i], 2), 0); /* a second version: only the newest is listed */
    }
    MSG_SET(&request, list, limit, 2);
    LIST_IDS(world, OP_CALENDAR_LIST, calendars_reply, calendars, calendar, request, found);
    assert_string_equal(found, "b c default m x z");
    request = (struct msg_list){0};
    MSG_SET(&request, list, limit, 2);
    LIST_IDS(world, OP_POLICY_LIST, policies_reply, policies, policy, request, found);
    assert_string_equal(found, "b c m x z");
    request = (struct msg_list){0};
    MSG_SET(&request, list, name, TEXT("m"));
    LIST_IDS(world, OP_CALENDAR_LIST, calendars_reply, calendars, calendar, request, found);
    assert_string_equal(found, "m");
    LIST_IDS(world, OP_POLICY_LIST, policies_reply, policies, policy, request, found);
    assert_string_equal(found, "m");
    assert_int_equal(WORLD_REPLY(world, policies_reply)->policies.items[0].version, 2);
    world_free(world);
}

TEST(a_count_of_days_is_explained_on_the_calendar_named)
{
    struct world *world = world_new();
    struct msg_calendar_explain explain = {0};
    set_calendar(world, "thu-hai"); /* Mondays alone */
    MSG_SET(&explain, calendar_explain, from, TEXT("2024-06-03"));
    MSG_SET(&explain, calendar_explain, add, TEXT("1wd"));
    assert_int_equal(world_send(world, "xa1", OP_CALENDAR_EXPLAIN, &explain), 0);
    assert_true(text_equal(WORLD_REPLY(world, explain_reply)->day, TEXT("2024-06-04")));
    MSG_SET(&explain, calendar_explain, calendar, TEXT("thu-hai"));
    assert_int_equal(world_send(world, "xa1", OP_CALENDAR_EXPLAIN, &explain), 0);
    assert_true(text_equal(WORLD_REPLY(world, explain_reply)->day, TEXT("2024-06-10")));
    MSG_SET(&explain, calendar_explain, add, TEXT("mai"));
    assert_int_equal(world_send(world, "xa1", OP_CALENDAR_EXPLAIN, &explain), COORD_E_BAD_DATE);
    world_free(world);
}
