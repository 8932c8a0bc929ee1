/* See restore_keys.h. What is revoked is carried over, as a record of the restored store; what a key may do again that was taken from
 * it since is named, as whoever restores may want it so.
 */
#include "restore_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/xalloc.h"
#include "store.h"

static struct lost_key lost_key_of(const struct core_key *key)
{
    struct lost_key lost = {.rights = key->rights, .until_ms = key->until_ms, .revoked_ms = key->revoked_ms};
    snprintf(lost.public_key, sizeof lost.public_key, "%.*s", TEXT_ARGS(key->public_key));
    snprintf(lost.name, sizeof lost.name, "%.*s:%.*s", TEXT_ARGS(key->agency), TEXT_ARGS(key->label));
    return lost;
}

static void add(struct lost_key **items, size_t *count, size_t *capacity, const struct lost_key *key)
{
    *items = xgrow(*items, *count, capacity, sizeof **items);
    (*items)[(*count)++] = *key;
}

void lost_keys_done(struct lost_keys *keys)
{
    free(keys->items);
    free(keys->revoked);
    free(keys->widened);
}

void lost_keys_find(struct lost_keys *keys, struct journal *standing)
{
    struct problem damage = {0};
    struct core_key key;
    struct core *core = store_core(standing, &damage);
    keys->known = core != NULL;
    for (uint32_t i = 0; core && core_key_at(core, i, &key); i++) {
        const struct lost_key lost = lost_key_of(&key);
        add(&keys->items, &keys->count, &keys->capacity, &lost);
    }
    core_free(core);
}

/* ---- the copy ---- */

static int compare(const void *a, const void *b)
{
    return memcmp(((const struct lost_key *)a)->public_key, ((const struct lost_key *)b)->public_key, 40);
}

/* What each of the copy's keys had become; by key, so that many keys are no work of hours. */
static void hold_against(struct lost_keys *keys, const struct core *core)
{
    struct core_key key;
    if (keys->count)
        qsort(keys->items, keys->count, sizeof *keys->items, compare);
    for (uint32_t i = 0; keys->count && core_key_at(core, i, &key); i++) {
        const struct lost_key here = lost_key_of(&key);
        const struct lost_key *stood = bsearch(&here, keys->items, keys->count, sizeof *keys->items, compare);
        if (!stood || key.revoked_ms != INT64_MAX)
            continue;
        if (stood->revoked_ms != INT64_MAX)
            add(&keys->revoked, &keys->revoked_count, &keys->revoked_capacity, stood);
        else if ((key.rights & ~stood->rights) || key.until_ms > stood->until_ms)
            add(&keys->widened, &keys->widened_count, &keys->widened_capacity, stood);
    }
}

static bool nobody_administers(const struct core *core)
{
    struct core_identity identity;
    struct core_counts counts;
    struct core_key key;
    core_counts(core, &counts);
    for (uint32_t i = 0; core_key_at(core, i, &key); i++)
        if (core_admit(core, key.public_key, counts.time_ms, &identity) == 0 &&
            (identity.rights & TERM_BIT(RIGHT_ADMINISTER)))
            return false;
    return true;
}

static int revoke(struct journal *journal, struct core *core, const struct lost_key *key, struct problem *problem)
{
    struct event event = {.type = EVENT_REVOKED};
    struct effects effects;
    event.revoked.key = text_of(key->public_key);
    event.revoked.when_ms = key->revoked_ms;
    effects_init(&effects);
    int failed = store_decide(journal, core, &event, &effects, problem);
    if (!failed)
        failed = store_append(journal, &effects, problem);
    effects_done(&effects);
    return failed;
}

int lost_keys_carry(struct lost_keys *keys, const char *directory, struct problem *problem)
{
    const struct journal_options options = {.directory = directory};
    struct journal *journal;
    if (journal_open(&journal, &options, problem) != JOURNAL_OK)
        return problem->error;
    struct core *core = store_core(journal, problem);
    int failed = core ? 0 : problem->error;
    if (core)
        hold_against(keys, core);
    for (size_t i = 0; i < keys->revoked_count && !failed; i++)
        failed = revoke(journal, core, &keys->revoked[i], problem);
    keys->nobody = core && nobody_administers(core);
    core_free(core);
    journal_close(journal);
    return failed;
}

/* ---- what is said ---- */

static const char *when_text(int64_t when_ms, char text[32])
{
    const time_t seconds = (time_t)(when_ms / 1000);
    struct tm fields;
    if (!gmtime_r(&seconds, &fields) || strftime(text, 32, "%Y-%m-%dT%H:%MZ", &fields) == 0)
        snprintf(text, 32, "after it");
    return text;
}

void lost_keys_tell(const struct lost_keys *keys, bool dry, const char *directory)
{
    char when[32];
    for (size_t i = 0; i < keys->revoked_count; i++)
        printf("key %s, which was revoked after the backup (%s), %s revoked in it too\n", keys->revoked[i].name,
               when_text(keys->revoked[i].revoked_ms, when), dry ? "would be" : "is");
    for (size_t i = 0; i < keys->widened_count; i++)
        printf("key %s %s more than it may now, or for longer; afterwards: coordctl key set\n", keys->widened[i].name,
               dry ? "could do" : "can do");
    if (!keys->known)
        printf("which keys were revoked after the backup is not known here: those %s valid again; afterwards: coordctl "
               "key "
               "list, and coordctl key revoke\n",
               dry ? "would be" : "are");
    if (keys->nobody)
        printf("no key %s in it; afterwards: coordd admin-key --dir %s\n", dry ? "would administer" : "administers",
               directory);
}
