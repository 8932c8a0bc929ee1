#include "unit/core/schedules.h"

static const struct text xa1 = {"xa1", 3};

struct msg_schedule_set weekly(const char *id)
{
    struct msg_schedule_set set = {0};
    struct msg_schedule *schedule = &set.schedule;
    MSG_SET(schedule, schedule, schedule, text_of(id));
    MSG_SET(schedule, schedule, leads, ((struct texts){&xa1, 1}));
    MSG_SET(schedule, schedule, period, PERIOD_WEEKLY);
    MSG_SET(&schedule->content, content, title, TEXT("Báo cáo tuần"));
    MSG_SET(&schedule->content, content, kind, KIND_REPORT);
    MSG_SET(&schedule->content, content, due, TEXT("4wd"));
    MSG_MARK(schedule, schedule, content);
    MSG_MARK(&set, schedule_set, schedule);
    return set;
}
