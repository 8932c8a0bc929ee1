/* The memory keeper, led by one and followed by others: the epoch is the fence. It waits for nothing: all that happens to it, does so in one
 * thread. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/place.h"
#include "base/xalloc.h"
#include "journal/memory_kept.h"

/* ---- who leads ---- */

void memory_lead(struct memory *memory)
{
    struct kept_lead *lead = &memory->kept->lead;
    memory->epoch = lead->epoch + 1;
    *lead = (struct kept_lead){.epoch = memory->epoch, .leader = memory->number};
    memcpy(lead->endpoint, memory->endpoint, sizeof lead->endpoint);
}

bool memory_leads(const struct memory *memory)
{
    return memory->epoch == memory->kept->lead.epoch && memory->number == memory->kept->lead.leader;
}

void memory_leave(struct memory *memory, const char *to)
{
    struct kept_lead *lead = &memory->kept->lead;
    *lead = (struct kept_lead){.epoch = lead->epoch};
    snprintf(lead->heir, sizeof lead->heir, "%s", to);
    memory->epoch = 0;
}

void journal_memory_now(struct journal_memory *memory, int64_t now_ms)
{
    memory->now_ms = now_ms;
}

void journal_memory_lapse(struct journal_memory *memory)
{
    memory->lead.lapsed = true;
}

void journal_memory_doubt(struct journal_memory *memory, uint64_t records)
{
    memory->doubted = records;
}

static bool is_free(const struct memory *memory)
{
    const struct kept_lead *lead = &memory->kept->lead;
    const bool for_us = lead->heir[0] == '\0' || strcmp(lead->heir, memory->endpoint) == 0;
    return lead->lapsed || (lead->leader == 0 && for_us);
}

int memory_watch(struct journal *journal, uint64_t after, int wait_ms, struct keeper_look *look)
{
    const struct memory *memory = memory_of(journal);
    const struct kept_lead *lead = &memory->kept->lead;
    (void)after, (void)wait_ms;
    if (memory->epoch != 0)
        return journal_fail(journal, JOURNAL_FAILED, "it leads, and follows nobody");
    look->head = memory->kept->head;
    const uint64_t safe = look->head.seq > memory->kept->doubted ? look->head.seq - memory->kept->doubted : 0;
    look->safe = look->safe > safe ? look->safe : safe;
    look->lead = (struct journal_lead){.epoch = lead->epoch,
                                       .seq = look->head.seq,
                                       .safe = look->safe,
                                       .asked_ms = memory->kept->now_ms,
                                       .free = is_free(memory),
                                       .reached = true};
    if (lead->leader != 0)
        snprintf(look->lead.leader, sizeof look->lead.leader, "memory:%u", lead->leader);
    memcpy(look->lead.endpoint, lead->endpoint, sizeof look->lead.endpoint);
    return JOURNAL_OK;
}

int memory_take(struct journal *journal, bool *taken, struct journal_head *found)
{
    struct memory *memory = memory_of(journal);
    *taken = memory->epoch == 0 && is_free(memory);
    if (*taken)
        memory_lead(memory);
    *found = memory->kept->head;
    return JOURNAL_OK;
}

int memory_give_up(struct journal *journal, const char *to)
{
    struct memory *memory = memory_of(journal);
    if (!memory_leads(memory))
        return journal_fail(journal, JOURNAL_DEMOTED, "another has taken it over");
    memory_leave(memory, to);
    return JOURNAL_OK;
}

/* ---- places ---- */

void memory_forget_places(struct journal_memory *memory)
{
    for (size_t i = 0; i < memory->place_count; i++)
        free(memory->places[i].consumer);
    free(memory->places);
}

static struct kept_place *find_place(struct journal_memory *kept, uint32_t agency, uint32_t key, const char *consumer)
{
    for (size_t i = 0; i < kept->place_count; i++)
        if (kept->places[i].agency == agency && kept->places[i].key == key &&
            strcmp(kept->places[i].consumer, consumer) == 0)
            return &kept->places[i];
    return NULL;
}

static struct journal_place told(const struct kept_place *place)
{
    return (struct journal_place){place->agency, place->key, place->consumer, place->seq, place->made};
}

static void put_place(struct journal_memory *kept, const struct journal_place *put)
{
    struct kept_place *place = find_place(kept, put->agency, put->key, put->consumer);
    if (place && !place_goes_before(put->seq, put->made, place->seq, place->made))
        return;
    if (!place) {
        kept->places = xgrow(kept->places, kept->place_count, &kept->place_capacity, sizeof *kept->places);
        place = &kept->places[kept->place_count++];
        *place = (struct kept_place){
            .agency = put->agency, .key = put->key, .consumer = xmemdup(put->consumer, strlen(put->consumer) + 1)};
    }
    place->seq = put->seq;
    place->made = put->made;
    place->change = ++kept->changes;
}

int memory_places_put(struct journal *journal, const struct journal_place *places, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put_place(kept_of(journal), &places[i]);
    return JOURNAL_OK;
}

int memory_places(struct journal *journal, uint64_t *mark, journal_place_visitor *visit, void *context)
{
    const struct journal_memory *kept = kept_of(journal);
    int stopped = 0;
    for (size_t i = 0; i < kept->place_count && stopped == 0; i++) {
        const struct journal_place place = told(&kept->places[i]);
        if (kept->places[i].change > *mark)
            stopped = visit(context, &place);
    }
    if (stopped == 0)
        *mark = kept->changes;
    return stopped;
}

int memory_places_forget(struct journal *journal, uint64_t mark)
{
    struct journal_memory *kept = kept_of(journal);
    size_t left = 0;
    for (size_t i = 0; i < kept->place_count; i++)
        if (kept->places[i].change > mark)
            kept->places[left++] = kept->places[i];
        else
            free(kept->places[i].consumer);
    kept->place_count = left;
    return JOURNAL_OK;
}
