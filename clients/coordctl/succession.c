#include "succession.h"

#include <stdio.h>
#include <string.h>

#include "pages.h"

static const struct role_field {
    int role;
    const char *field;
} role_fields[] = {{ROLE_ASSIGNER, "assigner"},
                   {ROLE_LEAD, "lead"},
                   {ROLE_COOPERATING, "cooperating"},
                   {ROLE_SUPERVISOR, "supervisor"},
                   {ROLE_OBSERVER, "observers"}};
#define ROLE_FIELDS (sizeof role_fields / sizeof *role_fields)

int succession_role(const char *field)
{
    for (size_t i = 0; i < ROLE_FIELDS; i++)
        if (strcmp(role_fields[i].field, field) == 0)
            return role_fields[i].role;
    return ROLE_NONE;
}

/* The first of a role, of one agency when it is not empty; NULL when there is none. */
static const struct msg_succession *find(const struct msg_task *task, int role, struct text agency)
{
    for (uint32_t i = 0; i < task->successions.count; i++) {
        const struct msg_succession *item = &task->successions.items[i];
        if (item->role == role && (!agency.size || text_equal(item->agency, agency)))
            return item;
    }
    return NULL;
}

struct text succession_assigner(const struct msg_task *task)
{
    const struct msg_succession *item = find(task, ROLE_ASSIGNER, (struct text){0});
    return item ? item->agency : task->assigner;
}

bool succession_is_lead(const struct msg_task *task, struct text agency)
{
    return text_equal(task->lead, agency) || find(task, ROLE_LEAD, agency);
}

struct texts succession_follow(const struct msg_task *task, int role, const struct texts *ids, struct arena *arena)
{
    struct text *followed = arena_alloc(arena, (ids->count + 1) * sizeof *followed);
    uint32_t count = 0, at;
    for (uint32_t i = 0; followed && i < ids->count; i++) {
        const struct msg_succession *item = find(task, role, ids->items[i]);
        const struct text id = item ? item->successor : ids->items[i];
        for (at = 0; at < count && !text_equal(followed[at], id); at++)
            ;
        if (at == count)
            followed[count++] = id;
    }
    return (struct texts){followed, count};
}

/* ---- shown ---- */

static void put_since(const struct msg_succession *item, char *when, size_t size)
{
    value_show_time(item->since, when, size);
    if (strcmp(when + strlen("2024-06-28 "), "00:00") == 0)
        when[strlen("2024-06-28")] = '\0';
}

/* "so-moi (succeeds so-cu since 2024-06-28, so-xua since 2025-01-01)" */
static void put_holder(const struct msg_task *task, int role, struct text holder, char *text, size_t size)
{
    size_t used = (size_t)snprintf(text, size, "%.*s", TEXT_ARGS(holder)), before = used;
    char when[64];
    for (uint32_t i = 0; i < task->successions.count && used < size; i++) {
        const struct msg_succession *item = &task->successions.items[i];
        if (item->role != role || !text_equal(item->successor, holder))
            continue;
        put_since(item, when, sizeof when);
        used += (size_t)snprintf(text + used, size - used, "%s%.*s since %s", used == before ? " (succeeds " : ", ",
                                 TEXT_ARGS(item->agency), when);
    }
    if (used > before && used < size)
        snprintf(text + used, size - used, ")");
}

/* One agency, or several. */
static struct texts holders_of(const struct msg_task *task, const char *name)
{
    const struct field *field = message_field(&message_task, name, (uint32_t)strlen(name));
    const char *value = (const char *)task + field->offset;
    struct texts several;
    if (field->type == FIELD_TEXT)
        return (struct texts){(const struct text *)(const void *)value, 1};
    memcpy(&several, value, sizeof several);
    return several;
}

#define LINE_MAX 20000 /* 64 agencies, and whom they succeed: two ids of 64 bytes each, and 40 of words */

void succession_page(const struct msg_task *task, char *shown, size_t size)
{
    static char line[LINE_MAX];
    for (size_t i = 0; i < ROLE_FIELDS; i++) {
        if (!find(task, role_fields[i].role, (struct text){0}))
            continue;
        const struct texts holders = holders_of(task, role_fields[i].field);
        size_t used = 0;
        for (uint32_t at = 0; at < holders.count && used < sizeof line - 2; at++) {
            used += (size_t)snprintf(line + used, sizeof line - used, "%s", at ? ", " : "");
            put_holder(task, role_fields[i].role, holders.items[at], line + used, sizeof line - used);
            used += strlen(line + used);
        }
        page_line(role_fields[i].field, line);
        used = strlen(shown);
        snprintf(shown + used, size - used, " %s", role_fields[i].field);
    }
}

void succession_values(const struct msg_task *task)
{
    char when[64];
    for (uint32_t i = 0; i < task->successions.count; i++) {
        const struct msg_succession *item = &task->successions.items[i];
        value_show_time(item->since, when, sizeof when);
        printf("succeeds\t%s\t%s\t%s\t%s\n", term_name(&vocabulary_role, item->role), output_plain(item->successor),
               output_plain(item->agency), when);
    }
}
