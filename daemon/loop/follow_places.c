/* See follow.h: whoever leads takes in what was put by others of where durable consumers are, and has it forgotten there once it is among
 * its rows.
 */
#include "loop/follow.h"
#include "loop/state.h"

#define TAKEN_AT_ONCE 256 /* each some µs */

static void note_kept(struct broker *broker)
{
    struct follow *follow = &broker->follow;
    batch_count(broker->current);
    follow->kept_with = batch_needs_disk(broker->current) ? broker->current : broker->writing;
    follow->kept_serial = follow->kept_with ? follow->kept_with->serial : 0;
    follow->kept_mark = follow->places.mark;
    follow->has_places = false;
    placing_end(&broker->placing);
}

void follow_looked_for_places(struct broker *broker, const struct errand *errand)
{
    struct follow *follow = &broker->follow;
    follow->places_due = false;
    follow->lead.epoch = errand->lead.lead.epoch;
    follow->forgotten = errand->lead.forget > 0 ? errand->lead.forget : follow->forgotten;
    follow->has_places = follow->places.count > 0;
    if (!follow->has_places)
        placing_end(&broker->placing);
}

/* Those that were kept, once that is on disk. */
uint64_t follow_to_forget(const struct follow *follow)
{
    const bool on_disk = !follow->kept_with || follow->kept_with->serial != follow->kept_serial;
    return on_disk && follow->kept_mark != follow->forgotten ? follow->kept_mark : 0;
}

bool follow_has_places(const struct broker *broker)
{
    return role_decides(broker->follow.role) && broker->follow.has_places;
}

/* Of an agency or a key that is not there any more, or never was, they say nothing. */
void follow_keep_places(struct broker *broker)
{
    struct places *places = &broker->follow.places;
    for (size_t i = 0; i < TAKEN_AT_ONCE && places->taken < places->count; i++, places->taken++) {
        const struct place *place = &places->items[places->taken];
        (void)core_consumers_fold(broker->core, place->agency, text_of(place->consumer), &place->at,
                                  look_trusted_ms(broker), &broker->current->effects);
    }
    if (places->taken < places->count)
        return;
    places->taken = places->count = 0;
    note_kept(broker);
}
