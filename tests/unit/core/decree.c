#include "unit/core/decree.h"

#include <string.h>

#include "unit/core/vietnam.h"
#include "unit/test.h"

void decree_for(struct world *world, const char *calendar, const char *days, bool dry_run)
{
    struct msg_hours hours[10];
    struct msg_exception exceptions[8] = {0};
    struct msg_calendar_set set = {0};
    uint32_t count = 0;
    set.calendar = vietnam_week(hours);
    MSG_SET(&set.calendar, calendar, calendar, text_of(calendar));
    for (; *days; days += strlen(days) > 10 ? 11 : 10) {
        MSG_SET(&exceptions[count], exception, day, ((struct text){days, 10}));
        MSG_SET(&exceptions[count], exception, working, false);
        count++;
    }
    MSG_SET(&set.calendar, calendar, exceptions, ((struct msg_exception_items){exceptions, count}));
    MSG_MARK(&set, calendar_set, calendar);
    if (dry_run)
        MSG_SET(&set, calendar_set, dry_run, true);
    assert_int_equal(world_send(world, "tinh", OP_CALENDAR_SET, &set), 0);
}

void decree(struct world *world, const char *days, bool dry_run)
{
    decree_for(world, "default", days, dry_run);
}

void decree_off(struct world *world, const char *days)
{
    decree(world, days, false);
}
