/* What is shown of what leads ask. */
#include "sim/asks_parts.h"
#include "sim/sim.h"

#define AT(seq) (unsigned long long)(seq)

#define IN(state) TERM_BIT(STATE_##state)
#define NO_WISH   ((struct model_wish){NO_TIME, NO_TIME, -1})

static bool is_wish(const struct msg_wish *shown, const struct model_wish *wish)
{
    return (MSG_HAS(shown, wish, due) ? shown->due : NO_TIME) == wish->due &&
           (MSG_HAS(shown, wish, until) ? shown->until : NO_TIME) == wish->until &&
           (MSG_HAS(shown, wish, lead) ? world_agency(shown->lead) : -1) == wish->lead;
}

bool asked_is_same(const struct msg_asked *shown, const struct model_asked *known)
{
    return shown->ask == known->id && shown->asking == known->asking && world_agency(shown->by) == known->by &&
           shown->asked == known->asked && is_wish(&shown->wanted, &known->wanted) &&
           shown->outcome == known->outcome &&
           MSG_HAS(shown, asked, granted) == (known->outcome == SETTLEMENT_GRANTED) &&
           is_wish(&shown->granted, &known->granted);
}

int64_t asked_decide_due(const struct msg_asked *shown)
{
    return MSG_HAS(shown, asked, decide_due) ? shown->decide_due : NO_TIME;
}

static void check_day(struct sim *sim, const struct model_task *task, const struct msg_record *record, int64_t at,
                      struct text shown)
{
    char day[11] = "";
    const struct world_calendar *calendar = dates_calendar(sim, task);
    if (at != NO_TIME && days_are_named(days_last(calendar, at)))
        days_write(days_last(calendar, at), day);
    SIM_CHECK(sim, text_equal(shown, text_of(day)), "record %llu: the last day is %.*s, which was %s", AT(record->seq),
              TEXT_ARGS(shown), day);
}

void asked_check_days(struct sim *sim, const struct model_task *task, const struct msg_record *record,
                      const struct msg_wish *shown, const struct model_wish *wish)
{
    check_day(sim, task, record, wish->due, shown->due_day);
    check_day(sim, task, record, wish->until, shown->until_day);
}

void asked_compare(struct sim *sim, const struct model_task *task, const struct msg_task *shown)
{
    int dates = 0;
    SIM_CHECK(sim, shown->asks.count == (uint32_t)task->ask_count, "task %llu is shown with %u requests, and has %d",
              AT(task->number), shown->asks.count, task->ask_count);
    for (int i = 0; i < task->ask_count; i++) {
        const struct msg_asked *one = &shown->asks.items[i];
        const struct model_asked *known = &task->asks[i];
        const int decider = known->outcome ? known->decider
                                           : rules_standing(&sim->world, task, known->decider, sim->model.decided);
        SIM_CHECK(sim,
                  asked_is_same(one, known) && world_agency(one->decider) == decider &&
                      asked_decide_due(one) == known->decide_due &&
                      (MSG_HAS(one, asked, handed) ? one->handed : one->asked) == known->since &&
                      (MSG_HAS(one, asked, decided) ? one->decided : NO_TIME) == known->decided &&
                      (MSG_HAS(one, asked, decided_by) ? world_agency(one->decided_by) : -1) == known->decided_by &&
                      one->reason.size > 0,
                  "task %llu is shown with another request %llu", AT(task->number), AT(known->id));
        dates += MSG_HAS(&one->granted, wish, due);
    }
    SIM_CHECK(sim, dates == task->dates_granted, "task %llu is shown with %d dates granted, which were %d",
              AT(task->number), dates, task->dates_granted);
    sim->model.asks_shown += (uint64_t)task->ask_count;
}
