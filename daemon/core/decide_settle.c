/* What every record of a task settles of that which its lead asked. */
#include "core/asks.h"
#include "core/decide.h"
#include "core/standing.h"

/* The oldest that is open once the record is there; its id, 0 for none. */
static uint64_t oldest_after(const struct decision *decision)
{
    const struct msg_record *record = &decision->record;
    const struct asks *asks = decision->task->rare->asks;
    for (uint32_t i = 0; asks && i < asks->count; i++) {
        const struct msg_asked *asked = asks->items[i];
        bool stays = asks_is_open(asked) && !(MSG_HAS(record, record, asked) && record->asked.ask == asked->ask);
        for (uint32_t j = 0; j < record->ended.count; j++)
            stays = stays && record->ended.items[j] != asked->ask;
        if (stays)
            return asked->ask;
    }
    return record->action == ACTION_ASK ? record->asked.ask : 0;
}

static void tell_on(struct decision *decision, uint32_t agency)
{
    const struct step *step = decision->step;
    recipients_add(step->core, &decision->recipients, standing_on(step->core, decision->task, agency, step->now_ms),
                   step->who.agency, step->now_ms);
}

void decision_settle_asks(struct decision *decision)
{
    const struct step *step = decision->step;
    struct msg_record *record = &decision->record;
    const struct asks *asks = decision->task->rare->asks;
    const struct msg_asked *oldest = asks_oldest(decision->task);
    uint32_t count = 0;
    if (!asks && record->action != ACTION_ASK)
        return;
    for (uint32_t i = 0; asks && i < asks->count; i++) {
        const struct msg_asked *asked = asks->items[i];
        if (!asks_is_open(asked) || !asks_is_settled(asked, record) ||
            (MSG_HAS(record, record, asked) && record->asked.ask == asked->ask))
            continue;
        decision->settled[count++] = asked->ask;
        tell_on(decision, core_agency_find(step->core, asked->by));
        tell_on(decision, asks_decider(step->core, asked));
    }
    if (count > 0)
        MSG_SET(record, record, ended, (struct u64s){decision->settled, count});
    if (oldest_after(decision) != (oldest ? oldest->ask : 0))
        decision_begin_rounds(decision, TERM_BIT(DEADLINE_DECISION));
}
