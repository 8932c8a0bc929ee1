/* No frame, however costly its sender makes it, takes the core more than a bounded number of units of cost: frames of up to
 * 1 MiB, each of up to 256 requests, from a generator that knows what costs: letters with many marks, lists that look through
 * much, searches of long titles, explanations of a hundred years, tasks for all children, parts of a whole with many.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/cost.h"
#include "core/effects.h"
#include "core/state.h"
#include "unit/core/world.h"
#include "unit/test.h"

#define FRAME_MAX (1024 * 1024)
#define TRIES     400
#define CHILDREN  200
#define PARTS     600

static uint32_t seed;

static uint32_t pick(uint32_t below)
{
    seed = seed * 1664525 + 1013904223;
    return (uint32_t)(((uint64_t)(seed >> 8) * below) >> 24);
}

/* As many bytes as there is room for: what is plain, what composes, what composes at the greatest cost. */
static struct text words(char *text, size_t size)
{
    static const char *const letters[] = {"a", "e\xCC\x82\xCC\xA3", "\xE1\x84\x80\xE1\x85\xA1", "\xC4\x91"};
    static const char falling[] = "\xCD\xA0\xCC\x81\xCC\xA3\xCC\xB4";
    const uint32_t sort = pick(5);
    size_t at = 0;
    while (at + 64 < size) {
        const char *letter = letters[sort < 4 ? sort : 0];
        memcpy(text + at, letter, strlen(letter));
        at += strlen(letter);
        for (int i = 0; sort == 4 && i < 30; i++, at += 2)
            memcpy(text + at, falling + 2 * (i / 8), 2);
    }
    return (struct text){text, (uint32_t)at};
}

struct costly {
    struct world *world;
    uint64_t whole;
    char text[49152];
};

static void fill_content(struct costly *costly, struct msg_content *content)
{
    MSG_SET(content, content, title, TEXT("Việc"));
    MSG_SET(content, content, description, words(costly->text, pick(2) ? 16384 : 49000));
}

/* One costly request, encoded at the end of the frame. */
static void add_request(struct costly *costly, struct buffer *frame)
{
    const struct text lead = TEXT("xa1");
    char reference[32];
    struct msg_task_list list = {0};
    struct msg_calendar_explain explain = {0};
    struct msg_comment comment = {0};
    struct msg_assign assign = {0};
    struct msg_amend amend = {0};
    struct msg_list names = {0};
    struct msg_task_get get = {0};
    snprintf(reference, sizeof reference, "R-%u", pick(1U << 24));
    const struct text id = text_of(reference);
    switch (pick(9)) {
    case 0:
        MSG_SET(&list, task_list, search, words(costly->text, 250));
        MSG_SET(&list, task_list, limit, 1000);
        message_encode(frame, "task_list", id, &message_task_list, &list);
        break;
    case 1:
        message_encode(frame, "summary", id, &message_summary, &(struct msg_summary){0});
        break;
    case 2:
        MSG_SET(&explain, calendar_explain, from, TEXT("2000-01-01"));
        MSG_SET(&explain, calendar_explain, add, pick(2) ? TEXT("2099-12-31") : TEXT("20000wd"));
        message_encode(frame, "calendar_explain", id, &message_calendar_explain, &explain);
        break;
    case 3:
        MSG_SET(&comment, comment, task, pick(2) ? costly->whole : 1 + pick(5000));
        MSG_SET(&comment, comment, note, words(costly->text, pick(2) ? 4000 : 12000));
        message_encode(frame, "comment", id, &message_comment, &comment);
        break;
    case 4:
        MSG_SET(&assign, assign, reference, id);
        if (pick(2))
            MSG_SET(&assign, assign, children_of, TEXT("huyen"));
        else
            MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
        fill_content(costly, &assign.content);
        if (pick(2))
            MSG_SET(&assign.content, content, parent, costly->whole);
        MSG_MARK(&assign, assign, content);
        message_encode(frame, "assign", id, &message_assign, &assign);
        break;
    case 5:
        MSG_SET(&amend, amend, task, costly->whole);
        MSG_SET(&amend.content, content, due, pick(2) ? TEXT("2024-06-27") : TEXT("2024-06-28"));
        MSG_MARK(&amend, amend, content);
        message_encode(frame, "amend", id, &message_amend, &amend);
        break;
    case 6:
        MSG_SET(&names, list, limit, 1000);
        message_encode(frame, pick(2) ? "agency_list" : "calendar_list", id, &message_list, &names);
        break;
    case 7:
        MSG_SET(&get, task_get, task, costly->whole);
        message_encode(frame, "task_get", id, &message_task_get, &get);
        break;
    default:
        message_encode(frame, "escalation_list", id, &message_escalation_list, &(struct msg_escalation_list){0});
        break;
    }
}

/* A batch of requests that are alike or mixed, as long as it is allowed to be; returns what it cost. */
static uint64_t try_frame(struct costly *costly, const char *agency, int64_t *took_us)
{
    struct buffer bytes = {0}, frame = {0};
    size_t ends[256];
    struct text requests[256];
    struct msg_batch batch = {0};
    uint32_t count = 0;
    const uint32_t wanted = pick(4) ? 256 : 1 + pick(8);
    const bool alike = pick(2);
    const uint32_t kept = seed;
    while (count < wanted) {
        if (alike)
            seed = kept;
        add_request(costly, &bytes);
        if (bytes.size > FRAME_MAX - 2048)
            break;
        ends[count++] = bytes.size;
    }
    for (uint32_t i = 0; i < count; i++) {
        const size_t from = i ? ends[i - 1] : 0;
        requests[i] = (struct text){bytes.data + from, (uint32_t)(ends[i] - from)};
    }
    seed = kept + 1;
    MSG_SET(&batch, batch, requests, (coord_raws){requests, count});
    message_encode(&frame, "batch", TEXT("b"), &message_batch, &batch);
    assert_true(frame.size <= FRAME_MAX);
    struct timespec begun, ended;
    struct effects effects;
    effects_init(&effects);
    const struct event event = {
        .type = EVENT_REQUEST,
        .now_ms = costly->world->now,
        .request = {.peer = 1, .key = text_of(world_key(agency)), .frame = frame.data, .size = frame.size}};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begun);
    core_step(costly->world->core, &event, &effects);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ended);
    *took_us = (ended.tv_sec - begun.tv_sec) * 1000000 + (ended.tv_nsec - begun.tv_nsec) / 1000;
    const uint64_t cost = effects.cost;
    effects_done(&effects);
    buffer_done(&bytes);
    buffer_done(&frame);
    return cost;
}

static void populate(struct costly *costly)
{
    struct world *world = costly->world = world_new();
    char reference[32];
    for (int i = 0; i < CHILDREN; i++) {
        snprintf(reference, sizeof reference, "thon-%d", i);
        struct msg_agency_set set = agency_set(reference, "huyen");
        assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    }
    costly->whole = world_assign(world, "huyen", "xa1", "TONG", "2024-06-28");
    for (int i = 0; i < PARTS; i++) {
        const struct text lead = TEXT("xa2");
        struct msg_assign assign = {0};
        snprintf(reference, sizeof reference, "PHAN-%d", i);
        MSG_SET(&assign, assign, reference, text_of(reference));
        MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
        MSG_SET(&assign.content, content, title, words(costly->text, 1000));
        MSG_SET(&assign.content, content, parent, costly->whole);
        MSG_MARK(&assign, assign, content);
        assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    }
}

TEST(no_frame_costs_a_step_more_than_its_bound)
{
    static struct costly costly;
    uint64_t most = 0;
    int64_t longest_us = 0, took_us;
    seed = 20240603;
    populate(&costly);
    for (int i = 0; i < TRIES; i++) {
        const uint64_t cost = try_frame(&costly, pick(3) ? "huyen" : "so2", &took_us);
        if (cost > COST_STEP_MAX)
            fail_msg("try %d costs %llu", i, (unsigned long long)cost);
        most = cost > most ? cost : most;
        longest_us = took_us > longest_us ? took_us : longest_us;
    }
    assert_true(most > COST_STEP_MAX / 4); /* or else the generator is not told enough */
    print_message("measured  %d costly frames: at most %llu units, %lld us\n", TRIES, (unsigned long long)most,
                  (long long)longest_us);
    world_free(costly.world);
}
