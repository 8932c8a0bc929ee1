/* Editions of a feed: which of a calendar's exceptions came from an earlier one, and what is left of them. */
#include <sodium/crypto_generichash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ics_reading.h"

#define FEEDS_MAX 64 /* of which one file may be the next edition: feeds that were put together later */

struct merging {
    const struct ics_days *days;
    struct text feeds[FEEDS_MAX]; /* those that the file is an edition of */
    uint32_t feed_count;
    int first_year; /* of the file */
};

static int compare_to_uid(const void *key, const void *item)
{
    return text_compare(*(const struct text *)key, ((const struct ics_uid *)item)->uid);
}

/* The file's first entry of a UID, and how many follow; 0 when it has none. */
static uint32_t find_uid(const struct ics_days *days, struct text uid, const struct ics_uid **found)
{
    const struct ics_uid *end = days->uids + days->uid_count;
    const struct ics_uid *at = uid.size > 0 && days->uid_count > 0
                                   ? bsearch(&uid, days->uids, days->uid_count, sizeof(*days->uids), compare_to_uid)
                                   : NULL;
    if (!at)
        return 0;
    while (at > days->uids && text_equal(at[-1].uid, uid))
        at--;
    *found = at;
    uint32_t count = 0;
    while (at + count < end && text_equal(at[count].uid, uid))
        count++;
    return count;
}

static bool is_ours(const struct merging *merging, const struct msg_exception *exception)
{
    for (uint32_t i = 0; i < merging->feed_count; i++)
        if (exception->feed.size > 0 && text_equal(merging->feeds[i], exception->feed))
            return true;
    return false;
}

static void find_feeds(struct merging *merging, struct msg_exception_items old)
{
    const struct ics_uid *found;
    for (uint32_t i = 0; i < old.count && merging->feed_count < FEEDS_MAX; i++)
        if (old.items[i].feed.size > 0 && !is_ours(merging, &old.items[i]) &&
            find_uid(merging->days, old.items[i].uid, &found))
            merging->feeds[merging->feed_count++] = old.items[i].feed;
}

/* A new feed is marked by a digest of its first UID. */
static struct text feed_mark(const struct merging *merging, struct arena *arena)
{
    uint8_t digest[crypto_generichash_BYTES_MIN];
    const struct ics_days *days = merging->days;
    if (merging->feed_count > 0)
        return merging->feeds[0];
    if (days->uid_count == 0)
        return (struct text){0};
    (void)crypto_generichash(digest, sizeof(digest), (const uint8_t *)days->uids[0].uid.data, days->uids[0].uid.size,
                             NULL, 0);
    char mark[17];
    for (size_t i = 0; i < 8; i++)
        snprintf(mark + 2 * i, 3, "%02x", digest[i]);
    return arena_copy(arena, text_of(mark));
}

static int year_of(const struct msg_exception *exception)
{
    return exception->day.size == 10 ? atoi((char[5]){exception->day.data[0], exception->day.data[1],
                                                      exception->day.data[2], exception->day.data[3]})
                                     : 0;
}

static bool is_cancelled(const struct merging *merging, const struct msg_exception *exception)
{
    const struct ics_uid *found;
    const uint32_t count = find_uid(merging->days, exception->uid, &found);
    for (uint32_t i = 0; i < count; i++)
        if (found[i].cancelled && (!found[i].day[0] || text_equal(text_of(found[i].day), exception->day)))
            return true;
    return false;
}

/* Whether this edition takes back what an earlier one said. */
static bool is_taken_back(const struct merging *merging, const struct msg_exception *exception)
{
    if (is_cancelled(merging, exception))
        return true;
    return !merging->days->only_cancels && is_ours(merging, exception) && year_of(exception) >= merging->first_year;
}

static const struct msg_exception *new_of_day(const struct ics_days *days, struct text day)
{
    uint32_t low = 0, high = days->exceptions.count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (text_compare(days->exceptions.items[middle].day, day) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < days->exceptions.count && text_equal(days->exceptions.items[low].day, day)
               ? &days->exceptions.items[low]
               : NULL;
}

/* A day that stands by hand and says the same stays as it is: it is not the feed's to take back. */
static bool says_same(const struct msg_exception *old, const struct msg_exception *new)
{
    return old->uid.size == 0 && old->working == new->working &&text_equal(old->name, new->name);
}

int ics_merge(struct msg_exception_items old, const struct ics_days *days, struct ics_merged *merged,
              struct arena *arena)
{
    struct merging merging = {.days = days};
    struct msg_exception *all = arena_alloc(arena, (old.count + days->exceptions.count) * sizeof(*all));
    struct msg_exception *dropped = arena_alloc(arena, (old.count + 1) * sizeof(*dropped));
    uint32_t count = 0, dropped_count = 0;
    if (!all || !dropped)
        return COORD_E_NO_MEMORY;
    find_feeds(&merging, old);
    if (days->exceptions.count > 0)
        merging.first_year = year_of(&days->exceptions.items[0]);
    const struct text mark = feed_mark(&merging, arena);
    for (uint32_t j = 0; j < days->exceptions.count; j++) {
        all[count] = days->exceptions.items[j];
        if (mark.size > 0 && all[count].uid.size > 0)
            MSG_SET(&all[count], exception, feed, mark);
        count++;
    }
    for (uint32_t i = 0; i < old.count; i++) {
        const struct msg_exception *new = new_of_day(days, old.items[i].day);
        if (new &&new->working && MSG_HAS(&old.items[i], exception, open))
            all[count++] = old.items[i]; /* a feed says that a day is worked, and not when */
        else if (new &&says_same(&old.items[i], new))
            all[new - days->exceptions.items] = old.items[i];
        else if (!new &&is_taken_back(&merging, &old.items[i]))
            dropped[dropped_count++] = old.items[i];
        else if (!new)
            all[count++] = old.items[i];
    }
    merged->exceptions = (struct msg_exception_items){all, ics_sort_days(all, count)};
    merged->dropped = (struct msg_exception_items){dropped, dropped_count};
    return arena->failed ? COORD_E_NO_MEMORY : 0;
}
