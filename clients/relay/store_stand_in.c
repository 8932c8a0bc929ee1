/* The queue: who stands in for whom, by what the broker last said of its agencies, and by the records since. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store.h"

struct stands {
    char by[65];
    long long from, until; /* ms */
};

static void value_name(const char *agency, char name[80])
{
    snprintf(name, 80, "stand_in:%s", agency);
}

void store_set_stand_in(struct store *store, const char *agency, const char *by, int64_t from, int64_t until)
{
    char name[80], value[120];
    value_name(agency, name);
    if (by) {
        const int size = snprintf(value, sizeof value, "%.64s %lld %lld", by, (long long)from, (long long)until);
        store_set_value(store, name, value, (size_t)size);
    } else {
        store_run(store, "DELETE FROM value WHERE name = ?1", "t", name);
    }
}

void store_learn_stand_in(struct store *store, const json_t *record)
{
    const json_t *concerns = json_object_get(record, "concerns"), *stand_in = json_object_get(concerns, "stand_in");
    const char *kind = json_string_value(json_object_get(record, "record")),
               *agency = json_string_value(json_object_get(concerns, "agency"));
    if (agency && kind && strcmp(kind, term_name(&vocabulary_record, RECORD_AGENCY)) == 0)
        store_set_stand_in(store, agency, json_string_value(json_object_get(stand_in, "by")),
                           (int64_t)json_integer_value(json_object_get(stand_in, "from")),
                           (int64_t)json_integer_value(json_object_get(stand_in, "until")));
}

static bool find(struct store *store, const char *agency, int64_t at, struct stands *stands)
{
    size_t size = 0;
    char name[80];
    value_name(agency, name);
    char *value = store_value(store, name, &size);
    const bool found = value && sscanf(value, "%64s %lld %lld", stands->by, &stands->from, &stands->until) == 3 &&
                       stands->from <= at && at < stands->until;
    free(value);
    return found;
}

bool store_stands_in(struct store *store, const char *by, const json_t *names, int64_t at)
{
    struct stands stands;
    bool found = false;
    for (size_t i = 0; i < json_array_size(names) && !found; i++)
        found = find(store, json_string_value(json_array_get(names, i)), at, &stands) && strcmp(stands.by, by) == 0;
    return found;
}

static void add(struct store *store, json_t *stood, const char *agency, int64_t at)
{
    struct stands stands;
    if (agency && !json_object_get(stood, agency) && find(store, agency, at, &stands))
        json_object_set_new(stood, agency, json_string(stands.by));
}

json_t *store_stood(struct store *store, const json_t *record)
{
    const json_t *to = json_object_get(record, "to");
    const int64_t at = (int64_t)json_integer_value(json_object_get(record, "time"));
    json_t *stood = json_object();
    if (json_array_size(json_object_get(record, "stand_ins")) == 0)
        return stood;
    for (size_t i = 0; i < json_array_size(to); i++)
        add(store, stood, json_string_value(json_array_get(to, i)), at);
    add(store, stood, json_string_value(json_object_get(record, "lead")), at);
    return stood;
}

json_t *store_stood_by(const json_t *stood, const char *by)
{
    json_t *names = json_array(), *value;
    const char *agency;
    json_object_foreach((json_t *)(uintptr_t)stood, agency, value)
    {
        if (strcmp(json_string_value(value), by) == 0)
            json_array_append_new(names, json_string(agency));
    }
    return names;
}
