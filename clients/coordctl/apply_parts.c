/* A calendar or a policy is replaced whole: what is left out of the file goes. Which days, hours and steps go and which come is
 * told, a line for each; days off of one name that follow each other are one line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "applying.h"
#include "json_read.h"
#include "pages.h"

#define WORDS_ROOM 1200
#define DAY_ROOM   11

/* One item of such a list, as it is told. */
struct part {
    char day[DAY_ROOM]; /* of a calendar's exception; empty of others */
    char words[WORDS_ROOM];
};

struct parts {
    struct part *items;
    size_t count;
};

/* ---- in words ---- */

typedef void in_words(const void *item, struct part *part);

static void day_in_words(const void *item, struct part *part)
{
    const struct msg_exception *day = item;
    char how[WORDS_ROOM / 2];
    calendar_day_text(day, how, sizeof how);
    snprintf(part->day, sizeof part->day, "%.*s", TEXT_ARGS(day->day));
    snprintf(part->words, sizeof part->words, "%s%s%.*s", how, day->name.size ? ", " : "", TEXT_ARGS(day->name));
}

static void hours_in_words(const void *item, struct part *part)
{
    const struct msg_hours *hours = item;
    calendar_hours_text(hours, part->words, sizeof part->words);
}

static void step_in_words(const void *item, struct part *part)
{
    policy_step_text(item, part->words, sizeof part->words);
}

static const struct sort {
    const char *list, *kind;
    const struct message *message;
    in_words *words;
} sorts[] = {{"exceptions", "day", &message_exception, day_in_words},
             {"hours", "hours", &message_hours, hours_in_words},
             {"steps", "step", &message_step, step_in_words}};

/* ---- what one has and the other has not ---- */

static int by_day(const void *a, const void *b)
{
    const struct part *x = a, *y = b;
    const int order = strcmp(x->day, y->day);
    return order ? order : strcmp(x->words, y->words);
}

static struct parts parts_of(const struct sort *sort, const json_t *array, struct arena *arena)
{
    const size_t size = json_array_size(array);
    struct parts parts = {calloc(size + 1, sizeof *parts.items), 0};
    char *item = arena_alloc(arena, sort->message->size);
    const json_t *value;
    struct problem ignored;
    size_t i;
    if (!parts.items || !item)
        abort();
    json_array_foreach(array, i, value)
    {
        if (json_read_fields(sort->message, value, item, arena, &ignored) == 0)
            sort->words(item, &parts.items[parts.count++]);
    }
    return parts;
}

/* Drops of `parts` what stands in the others as well, as often as it stands there; what is dropped is counted off them. */
static void keep_other(struct parts *parts, json_t *others)
{
    size_t kept = 0;
    char name[WORDS_ROOM + DAY_ROOM + 1];
    for (size_t i = 0; i < parts->count; i++) {
        snprintf(name, sizeof name, "%s %s", parts->items[i].day, parts->items[i].words);
        json_t *count = json_object_get(others, name);
        if (count && json_integer_value(count) > 0)
            json_integer_set(count, json_integer_value(count) - 1);
        else
            parts->items[kept++] = parts->items[i];
    }
    parts->count = kept;
}

static json_t *counted(const struct parts *parts)
{
    json_t *names = json_object();
    char name[WORDS_ROOM + DAY_ROOM + 1];
    for (size_t i = 0; i < parts->count; i++) {
        snprintf(name, sizeof name, "%s %s", parts->items[i].day, parts->items[i].words);
        json_object_set_new(names, name, json_integer(json_integer_value(json_object_get(names, name)) + 1));
    }
    return names;
}

/* ---- telling ---- */

static bool follows(const struct part *before, const struct part *after)
{
    return before->day[0] && strcmp(before->words, after->words) == 0 &&
           calendar_is_next_day(text_of(before->day), text_of(after->day));
}

static void tell(struct applying *applying, const char *change, const struct sort *sort, const char *id,
                 const struct parts *parts)
{
    char what[WORDS_ROOM + 40];
    for (size_t first = 0, last; first < parts->count; first = last + 1) {
        const struct part *part = &parts->items[first];
        for (last = first; last + 1 < parts->count && follows(&parts->items[last], &parts->items[last + 1]);)
            last++;
        snprintf(what, sizeof what, "%s%s%s%s%s", part->day, last > first ? " to " : "",
                 last > first ? parts->items[last].day : "", part->day[0] ? ": " : "", part->words);
        applying_tell(applying, change, sort->kind, id, what);
    }
}

static void tell_list(struct applying *applying, const struct sort *sort, const char *id, const json_t *there,
                      const json_t *wanted)
{
    struct arena *arena = &applying->session->arena;
    struct parts old = parts_of(sort, json_object_get(there, sort->list), arena);
    struct parts new = parts_of(sort, json_object_get(wanted, sort->list), arena);
    json_t *olds = counted(&old), *news = counted(&new);
    keep_other(&old, news);
    keep_other(&new, olds);
    if (sort->message == &message_exception) { /* in the order of their days; steps and hours have their own */
        qsort(old.items, old.count, sizeof *old.items, by_day);
        qsort(new.items, new.count, sizeof *new.items, by_day);
    }
    tell(applying, "drop", sort, id, &old);
    tell(applying, "add", sort, id, &new);
    json_decref(olds);
    json_decref(news);
    free(old.items);
    free(new.items);
}

void apply_tell_parts(struct applying *applying, const char *id, const json_t *there, const json_t *wanted)
{
    if (applying->silent)
        return;
    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++)
        tell_list(applying, &sorts[i], id, there, wanted);
}
