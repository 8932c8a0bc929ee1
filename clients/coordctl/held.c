#include "held.h"

#include <stdio.h>
#include <string.h>

#include "pages.h"

#define NAMED_MAX 16 /* messages.def.h has it */

static void add(struct session *session, uint64_t number, bool is_open, char text[HELD_TEXT])
{
    struct msg_task_get get = {0};
    struct msg_task_reply reply;
    struct problem problem = {0};
    const size_t used = strlen(text);
    const char *between = used ? ", " : "";
    MSG_SET(&get, task_get, task, number);
    if (session_try(session, OP_TASK_GET, &get, &reply, &problem) != 0)
        snprintf(text + used, HELD_TEXT - used, "%s@%llu", between, (unsigned long long)number);
    else if (is_open)
        snprintf(text + used, HELD_TEXT - used, "%s%.*s (%.*s, %s)", between, TEXT_ARGS(reply.task.reference),
                 TEXT_ARGS(reply.task.lead), term_name(&vocabulary_state, reply.task.state));
    else
        snprintf(text + used, HELD_TEXT - used, "%s%.*s", between, TEXT_ARGS(reply.task.reference));
}

static bool is_among(const uint64_t *numbers, uint32_t count, uint64_t number)
{
    for (uint32_t i = 0; i < count; i++)
        if (numbers[i] == number)
            return true;
    return false;
}

void held_learn(struct session *session, const struct msg_task *task, struct held *held)
{
    uint64_t named[NAMED_MAX], open[NAMED_MAX];
    const uint32_t count = task->waits_for.count < NAMED_MAX ? task->waits_for.count : NAMED_MAX,
                   open_count = task->held_up.count < NAMED_MAX ? task->held_up.count : NAMED_MAX;
    held->by[0] = held->over[0] = '\0';
    if (count > 0)
        memcpy(named, task->waits_for.items, count * sizeof *named);
    if (open_count > 0)
        memcpy(open, task->held_up.items, open_count * sizeof *open);
    for (uint32_t i = 0; i < count; i++) {
        const bool is_open = is_among(open, open_count, named[i]);
        add(session, named[i], is_open, is_open ? held->by : held->over);
    }
}

void held_page(const struct held *held)
{
    if (held->by[0])
        page_line("held up by", held->by);
    if (held->over[0])
        page_line("no longer by", held->over);
}

void held_page_parts(const struct msg_task *task)
{
    char text[120] = "";
    int used = 0;
    if (MSG_HAS(task, task, parts_percent))
        used = snprintf(text, sizeof text, "%llu %% done by weight", (unsigned long long)task->parts_percent);
    if (MSG_HAS(task, task, open_parts))
        snprintf(text + used, sizeof text - (size_t)used, "%s%llu open", used ? ", " : "",
                 (unsigned long long)task->open_parts);
    if (text[0])
        page_line("parts", text);
}
