#include "silence.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"

static struct names names_of(const json_t *array, struct arena *arena)
{
    struct names names = {arena_alloc(arena, (json_array_size(array) + 1) * sizeof(char *)), 0};
    for (size_t i = 0; i < json_array_size(array); i++) {
        const char *text = json_string_value(json_array_get(array, i));
        if (text)
            names.items[names.count++] = arena_copy(arena, (struct text){text, (uint32_t)strlen(text) + 1}).data;
    }
    return names;
}

static uint32_t terms_of(const json_t *array, const struct vocabulary *vocabulary)
{
    uint32_t set = 0;
    for (size_t i = 0; i < json_array_size(array); i++) {
        const char *text = json_string_value(json_array_get(array, i));
        const int number = text ? term_number(vocabulary, text, (uint32_t)strlen(text)) : 0;
        set |= number ? TERM_BIT(number) : 0;
    }
    return set;
}

/* {"agency": ["so"], "notice": ["reminder"], …} as a matcher, in the arena. */
static void matcher_of_json(struct matcher *matcher, const json_t *object, struct arena *arena)
{
    const char *severity = json_string_value(json_array_get(json_object_get(object, "severity"), 0));
    *matcher = (struct matcher){.agency = names_of(json_object_get(object, "agency"), arena),
                                .subtree = names_of(json_object_get(object, "subtree"), arena),
                                .area = names_of(json_object_get(object, "area"), arena),
                                .tag = names_of(json_object_get(object, "tag"), arena),
                                .kinds = terms_of(json_object_get(object, "kind"), &vocabulary_kind),
                                .notices = terms_of(json_object_get(object, "notice"), &vocabulary_notice)};
    if (severity)
        matcher->severity = term_number(&vocabulary_severity, severity, (uint32_t)strlen(severity));
}

static const char *kept(struct arena *arena, const unsigned char *text)
{
    const char *from = text ? (const char *)text : "";
    return arena_copy(arena, (struct text){from, (uint32_t)strlen(from) + 1}).data;
}

void silences_load(struct silences *silences, struct store *store, int64_t now)
{
    silences->arena.exhausted = alloc_failed;
    arena_clear(&silences->arena);
    silences->count = 0;
    sqlite3_stmt *statement = store_query(
        store, "SELECT id, begins, ends, owner, reason, matcher FROM silence WHERE ends > ?1 ORDER BY id LIMIT 256",
        "i", now);
    while (store_row(store, statement)) {
        struct silence *silence = &silences->items[silences->count++];
        silence->id = sqlite3_column_int64(statement, 0);
        silence->begins = sqlite3_column_int64(statement, 1);
        silence->ends = sqlite3_column_int64(statement, 2);
        silence->owner = kept(&silences->arena, sqlite3_column_text(statement, 3));
        silence->reason = kept(&silences->arena, sqlite3_column_text(statement, 4));
        silence->matcher = kept(&silences->arena, sqlite3_column_text(statement, 5));
        json_t *matcher = json_loads(silence->matcher, 0, NULL);
        matcher_of_json(&silence->match, matcher, &silences->arena);
        json_decref(matcher);
    }
}

void silences_done(struct silences *silences)
{
    arena_done(&silences->arena);
}

const struct silence *silences_find(const struct silences *silences, const struct notification *notification,
                                    int64_t now)
{
    for (size_t i = 0; i < silences->count; i++) {
        const struct silence *silence = &silences->items[i];
        if (silence->begins <= now && now < silence->ends && matcher_holds(&silence->match, notification))
            return silence;
    }
    return NULL;
}

int64_t silence_add(struct store *store, const json_t *matcher, const char *owner, const char *reason, int64_t begins,
                    int64_t ends, int64_t now)
{
    char *text = json_dumps(matcher, JSON_COMPACT);
    int64_t id = 0;
    if (!text)
        alloc_failed();
    store_begin(store);
    store_run(store,
              "INSERT INTO silence(matcher, owner, reason, begins, ends) SELECT ?1, ?2, ?3, ?4, ?5"
              " WHERE (SELECT count(*) FROM silence WHERE ends > ?6) < ?7",
              "tttiiii", text, owner, reason, begins, ends, now, (int64_t)SILENCES_MAX);
    if (store_changes(store))
        id = store_last_id(store);
    store_commit(store);
    free(text);
    return id;
}

bool silence_end(struct store *store, int64_t id, int64_t now)
{
    store_run(store, "UPDATE silence SET ends = ?2 WHERE id = ?1 AND ends > ?2", "ii", id, now);
    return store_changes(store) > 0;
}
