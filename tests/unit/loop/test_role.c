/* What a broker may become beside others, by the table. */
#include "loop/role.h"
#include "unit/test.h"

static enum role_state after(enum role_state state, const enum role_event *events, size_t count)
{
    for (size_t i = 0; i < count; i++)
        state = role_move(state, events[i]);
    return state;
}
#define AFTER(state, ...)                                                                                              \
    after(ROLE_IS_##state, (const enum role_event[]){__VA_ARGS__},                                                     \
          sizeof(const enum role_event[]){__VA_ARGS__} / sizeof(enum role_event))

TEST(a_follower_leads_once_the_lead_is_free_and_all_is_applied)
{
    assert_int_equal(AFTER(FOLLOWS, ROLE_FREE), ROLE_IS_TAKES);
    assert_int_equal(AFTER(FOLLOWS, ROLE_FREE, ROLE_TAKEN), ROLE_IS_CATCHES_UP);
    assert_int_equal(AFTER(FOLLOWS, ROLE_FREE, ROLE_TAKEN, ROLE_CAUGHT_UP), ROLE_IS_LEADS);
    assert_int_equal(AFTER(FOLLOWS, ROLE_FREE, ROLE_MISSED), ROLE_IS_FOLLOWS);
}

TEST(who_hands_over_follows_or_leads_again)
{
    assert_int_equal(AFTER(LEADS, ROLE_ASKED, ROLE_DRAINED, ROLE_GIVEN, ROLE_SUCCEEDED), ROLE_IS_FOLLOWS);
    assert_int_equal(AFTER(LEADS, ROLE_ASKED, ROLE_DELAYED), ROLE_IS_LEADS);
    assert_int_equal(AFTER(LEADS, ROLE_ASKED, ROLE_DRAINED, ROLE_GIVEN, ROLE_FREE, ROLE_TAKEN, ROLE_CAUGHT_UP),
                     ROLE_IS_LEADS);
    assert_int_equal(AFTER(LEADS, ROLE_ASKED, ROLE_DRAINED, ROLE_GIVEN, ROLE_FREE, ROLE_MISSED), ROLE_IS_FOLLOWS);
}

TEST(who_serves_alone_does_nothing_of_the_kind)
{
    for (int event = 0; event < ROLE_EVENT_COUNT; event++)
        assert_false(role_may(ROLE_IS_ALONE, (enum role_event)event));
}

/* From wherever it is, some event leads on, and none leads to where it would serve alone. */
TEST(no_state_is_an_end)
{
    for (int from = ROLE_IS_ALONE + 1; from < ROLE_STATE_COUNT; from++) {
        bool goes_on = false;
        for (int event = 0; event < ROLE_EVENT_COUNT; event++) {
            const bool may = role_may((enum role_state)from, (enum role_event)event);
            goes_on = goes_on || may;
            assert_true(!may || role_move((enum role_state)from, (enum role_event)event) != ROLE_IS_ALONE);
        }
        assert_true(goes_on);
    }
}

TEST(only_who_has_the_lead_appends_and_only_who_is_not_about_to_give_it_up_decides)
{
    for (int at = 0; at < ROLE_STATE_COUNT; at++) {
        const enum role_state here = (enum role_state)at;
        const bool leads = here == ROLE_IS_ALONE || here == ROLE_IS_LEADS;
        assert_int_equal(role_decides(here), leads);
        assert_int_equal(role_appends(here), leads || here == ROLE_IS_DRAINS);
        assert_int_equal(role_follows(here), here == ROLE_IS_FOLLOWS || here == ROLE_IS_OFFERS);
    }
}
