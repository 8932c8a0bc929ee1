/* Costly requests of administrators, and some that are refused. */
#include <stdio.h>
#include <string.h>

#include "core/state.h"
#include "unit/core/costly.h"
#include "unit/core/costly_parts.h"

void costly_make_stand_in(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_agency_stand_in set = {0};
    MSG_SET(&set, agency_stand_in, agency, costly_agencies(costly_pick(costly, COSTLY_CHILDREN), 1).items[0]);
    if (costly_pick(costly, 4)) {
        MSG_SET(&set, agency_stand_in, by,
                costly_pick(costly, 3)
                    ? costly_agencies(COSTLY_CHILDREN + costly_pick(costly, COSTLY_CHILDREN), 1).items[0]
                    : TEXT("so2"));
        MSG_SET(&set, agency_stand_in, until, TEXT("2024-12-31"));
    }
    message_encode(frame, "agency_stand_in", id, &message_agency_stand_in, &set);
}

void costly_make_agency(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_agency_set set = agency_set("thon", "huyen");
    char fresh[40];
    snprintf(fresh, sizeof fresh, "thon-%llu-%u", (unsigned long long)costly->number, costly_pick(costly, 1000));
    MSG_SET(&set.agency, agency, agency,
            costly_pick(costly, 2) ? text_of(fresh)
                                   : costly_agencies(300 + costly_pick(costly, COSTLY_CHILDREN), 1).items[0]);
    MSG_SET(&set.agency, agency, name, costly_words(costly, costly->note, 300));
    if (costly_pick(costly, 2))
        MSG_SET(&set.agency, agency, may_task, costly_agencies(0, COSTLY_LIST));
    if (!costly_pick(costly, 4)) {
        MSG_SET(&set.agency, agency, valid_until, costly->world->now + 1);
        MSG_SET(&set.agency, agency, successor, costly_agencies(costly_pick(costly, COSTLY_CHILDREN), 1).items[0]);
    }
    message_encode(frame, "agency_set", id, &message_agency_set, &set);
}

void costly_make_key(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_key_set set = {0};
    struct msg_key_revoke revoke = {0};
    char fresh[32];
    snprintf(fresh, sizeof fresh, "k%llu", (unsigned long long)costly->number);
    if (!costly_pick(costly, 3)) {
        MSG_SET(&revoke, key_revoke, public_key, text_of(world_key(costly_pick(costly, 2) ? "tinh" : "phong")));
        message_encode(frame, "key_revoke", id, &message_key_revoke, &revoke);
        return;
    }
    MSG_SET(&set, key_set, agency, costly_agencies(costly_pick(costly, COSTLY_CHILDREN), 1).items[0]);
    MSG_SET(&set.key, key, public_key, text_of(world_key(costly_pick(costly, 2) ? fresh : "tinh")));
    MSG_SET(&set.key, key, label, text_of(fresh));
    MSG_SET(&set.key, key, rights, TERM_BIT(RIGHT_READ));
    MSG_MARK(&set, key_set, key);
    message_encode(frame, "key_set", id, &message_key_set, &set);
}

void costly_make_calendar(struct costly *costly, struct buffer *frame, struct text id)
{
    static struct msg_exception exceptions[4096];
    static char days[4096][16];
    static struct msg_hours hours[21];
    static char name[128];
    struct msg_calendar_set set = {0};
    const uint32_t count = costly_pick(costly, 2) ? 4096 : 1 + costly_pick(costly, 4096);
    memset(name, 'n', sizeof name);
    for (uint32_t i = 0; i < count; i++) {
        exceptions[i] = (struct msg_exception){0};
        snprintf(days[i], sizeof days[i], "%04u-%02u-%02u", 2010 + i / 336, 1 + i / 28 % 12, 1 + i % 28);
        MSG_SET(&exceptions[i], exception, day, text_of(days[i]));
        MSG_SET(&exceptions[i], exception, name, (struct text){name, 1 + costly_pick(costly, 120)});
        MSG_SET(&exceptions[i], exception, working, costly_pick(costly, 2));
    }
    for (unsigned i = 0; i < 21; i++) {
        MSG_SET(&hours[i], hours, weekday, 1 + i / 3);
        MSG_SET(&hours[i], hours, open, 100 + i % 3 * 300);
        MSG_SET(&hours[i], hours, close, 200 + i % 3 * 300);
    }
    MSG_SET(&set.calendar, calendar, calendar, costly_pick(costly, 2) ? TEXT("dai") : TEXT("default"));
    MSG_SET(&set.calendar, calendar, utc_offset, 420);
    MSG_SET(&set.calendar, calendar, hours, (struct msg_hours_items){hours, 21});
    MSG_SET(&set.calendar, calendar, exceptions, (struct msg_exception_items){exceptions, count});
    MSG_MARK(&set, calendar_set, calendar);
    if (costly_pick(costly, 2))
        MSG_SET(&set, calendar_set, dry_run, true);
    message_encode(frame, "calendar_set", id, &message_calendar_set, &set);
}

void costly_make_policy(struct costly *costly, struct buffer *frame, struct text id)
{
    static struct msg_step steps[32];
    struct msg_policy_set set = {0};
    for (unsigned i = 0; i < 32; i++) {
        steps[i] = (struct msg_step){0};
        MSG_SET(&steps[i], step, deadline, DEADLINE_COMPLETION);
        MSG_SET(&steps[i], step, offset, (int64_t)i - 16);
        MSG_SET(&steps[i], step, unit, UNIT_WORKING_DAYS);
        MSG_SET(&steps[i], step, does, RUNG_ESCALATE);
        MSG_SET(&steps[i], step, level, 1 + i % 9);
        MSG_SET(&steps[i], step, agencies, costly_agencies(0, 16));
    }
    MSG_SET(&set.policy, policy, policy, TEXT("dai"));
    MSG_SET(&set.policy, policy, name, costly_words(costly, costly->note, 250));
    MSG_SET(&set.policy, policy, source, costly_words(costly, costly->text, 500));
    MSG_SET(&set.policy, policy, accept_within, 1 + costly_pick(costly, 100));
    MSG_SET(&set.policy, policy, steps, (struct msg_step_items){steps, 1 + costly_pick(costly, 32)});
    MSG_MARK(&set, policy_set, policy);
    if (costly->number > 0 && costly_pick(costly, 2)) {
        MSG_SET(&set, policy_set, dry_run, true);
        MSG_SET(&set, policy_set, since, costly->world->now - costly_pick(costly, 2) * WORLD_DAY);
    }
    message_encode(frame, "policy_set", id, &message_policy_set, &set);
}

void costly_make_refused(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_comment comment = {0};
    MSG_SET(&comment, comment, task, costly_pick(costly, 2) ? UINT64_C(1) << 40 : costly->whole);
    MSG_SET(&comment, comment, note,
            costly_pick(costly, 2) ? costly_words(costly, costly->text, 17000) : TEXT("ghi chú"));
    message_encode(frame, costly_pick(costly, 2) ? "comment" : "comments", id, &message_comment, &comment);
}
