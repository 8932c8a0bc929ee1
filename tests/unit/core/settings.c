#include "unit/core/settings.h"

#include "core/state.h"
#include "unit/test.h"

struct msg_policy_set settings_policy(const char *id, struct msg_step *step)
{
    struct msg_policy_set set = {0};
    MSG_SET(&set.policy, policy, policy, text_of(id));
    MSG_SET(&set.policy, policy, steps, (struct msg_step_items){step, step ? 1 : 0});
    MSG_MARK(&set, policy_set, policy);
    return set;
}

struct msg_calendar_set settings_calendar(const char *id, struct msg_hours *hours)
{
    struct msg_calendar_set set = {0};
    MSG_SET(hours, hours, weekday, 1);
    MSG_SET(hours, hours, open, 450);
    MSG_SET(hours, hours, close, 1020);
    MSG_SET(&set.calendar, calendar, calendar, text_of(id));
    MSG_SET(&set.calendar, calendar, utc_offset, 420);
    MSG_SET(&set.calendar, calendar, hours, (struct msg_hours_items){hours, 1});
    MSG_MARK(&set, calendar_set, calendar);
    return set;
}

void settings_refused(struct world *world, int error, const char *field)
{
    assert_int_equal(world->error, error);
    if (!text_equal(world->refusal.field, text_of(field)))
        fail_msg("field %.*s, not %s", TEXT_ARGS(world->refusal.field), field);
}

struct msg_assign settings_assign(const struct text *lead, const char *reference)
{
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, (struct texts){lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Việc"));
    MSG_MARK(&assign, assign, content);
    return assign;
}
