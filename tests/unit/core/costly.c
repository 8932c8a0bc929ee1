#include "unit/core/costly.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/effects.h"
#include "core/stand_in.h"
#include "core/state.h"
#include "unit/test.h"

#define FRAME_MAX (1024 * 1024)
#define CHILDREN  256 /* right under huyen: as many as one request assigns to */
#define LIST_MAX  64

static uint32_t pick(struct costly *costly, uint32_t below)
{
    if (costly->choices_left > 0) {
        costly->choices_left--;
        return *costly->choices++ * below / 256;
    }
    costly->seed = costly->seed * 1664525 + 1013904223;
    return (uint32_t)(((uint64_t)(costly->seed >> 8) * below) >> 24);
}

/* As many bytes as there is room for: what is plain, what composes, what composes at the greatest cost. */
static struct text words(struct costly *costly, char *text, size_t size)
{
    static const char *const letters[] = {"a", "e\xCC\x82\xCC\xA3", "\xE1\x84\x80\xE1\x85\xA1", "\xC4\x91"};
    static const char falling[] = "\xCD\xA0\xCC\x81\xCC\xA3\xCC\xB4";
    const uint32_t sort = pick(costly, 5);
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

/* ---- what requests are made of ---- */

static struct text agency_named(char *id, size_t size, unsigned number)
{
    snprintf(id, size, "thon-%u", number);
    return text_of(id);
}

static struct texts agencies(unsigned from, unsigned count)
{
    static char ids[2][CHILDREN][24];
    static struct text lists[2][CHILDREN];
    static unsigned turn;
    turn = !turn;
    for (unsigned i = 0; i < count; i++)
        lists[turn][i] = agency_named(ids[turn][i], sizeof ids[turn][i], from + i);
    return (struct texts){lists[turn], count};
}

static uint64_t any_task(struct costly *costly)
{
    switch (pick(costly, 3)) {
    case 0:
        return costly->whole;
    case 1:
        return costly->crowded;
    default:
        return 1 + pick(costly, (uint32_t)costly->world->core->task_count);
    }
}

static void fill_content(struct costly *costly, struct msg_content *content, bool lists)
{
    static struct text tags[16];
    static char tag[16][260];
    MSG_SET(content, content, title, TEXT("Việc"));
    if (pick(costly, 3))
        MSG_SET(content, content, description,
                words(costly, costly->text, pick(costly, 2) ? 16384 : 1 + pick(costly, 16000)));
    if (lists && pick(costly, 2)) {
        MSG_SET(content, content, cooperating, agencies(300, LIST_MAX));
        MSG_SET(content, content, observers, agencies(400, LIST_MAX));
    }
    for (int i = 0; i < 16; i++) {
        memset(tag[i], 'a' + i, sizeof tag[i]);
        tags[i] = (struct text){tag[i], 250};
    }
    if (pick(costly, 2))
        MSG_SET(content, content, tags, (struct texts){tags, 16});
    if (!pick(costly, 4))
        MSG_SET(content, content, scope, SCOPE_RESTRICTED);
}

/* ---- the requests ---- */

static void make_assign(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, id);
    if (pick(costly, 3))
        MSG_SET(&assign, assign, leads, agencies(0, pick(costly, 2) ? CHILDREN : 1 + pick(costly, CHILDREN)));
    else
        MSG_SET(&assign, assign, children_of, TEXT("huyen"));
    fill_content(costly, &assign.content, true);
    if (pick(costly, 2))
        MSG_SET(&assign.content, content, parent, costly->whole);
    if (pick(costly, 2))
        MSG_SET(&assign.content, content, due, TEXT("10wd"));
    if (pick(costly, 2))
        MSG_SET(&assign, assign, policy, TEXT("dai"));
    MSG_MARK(&assign, assign, content);
    message_encode(frame, "assign", id, &message_assign, &assign);
}

static void make_one(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, id);
    MSG_SET(&assign, assign, leads, agencies(pick(costly, CHILDREN), 1));
    MSG_SET(&assign.content, content, title, TEXT("Việc"));
    MSG_MARK(&assign, assign, content);
    message_encode(frame, "assign", id, &message_assign, &assign);
}

static void make_amend(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, any_task(costly));
    fill_content(costly, &amend.content, true);
    if (pick(costly, 2))
        MSG_SET(&amend.content, content, due, pick(costly, 2) ? TEXT("2024-12-27") : TEXT("2024-12-28"));
    MSG_MARK(&amend, amend, content);
    message_encode(frame, "amend", id, &message_amend, &amend);
}

static void make_reassign(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_reassign reassign = {0};
    MSG_SET(&reassign, reassign, task, any_task(costly));
    MSG_SET(&reassign, reassign, lead, agencies(pick(costly, CHILDREN), 1).items[0]);
    MSG_SET(&reassign, reassign, note, words(costly, costly->note, 4096));
    message_encode(frame, "reassign", id, &message_reassign, &reassign);
}

static void make_comment(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_comment comment = {0};
    MSG_SET(&comment, comment, task, any_task(costly));
    MSG_SET(&comment, comment, note, words(costly, costly->note, pick(costly, 2) ? 4096 : 1 + pick(costly, 1000)));
    message_encode(frame, "comment", id, &message_comment, &comment);
}

static void make_report(struct costly *costly, struct buffer *frame, struct text id)
{
    static struct msg_evidence_file files[16];
    struct msg_progress report = {0};
    for (int i = 0; i < 16; i++)
        MSG_SET(&files[i], evidence_file, name, words(costly, costly->text + 600 * i, 512));
    MSG_SET(&report, progress, task, any_task(costly));
    MSG_SET(&report, progress, note, words(costly, costly->note, 4096));
    MSG_SET(&report, progress, evidence_files, (struct msg_evidence_file_items){files, 16});
    message_encode(frame, pick(costly, 2) ? "report" : "submit", id, &message_progress, &report);
}

static void make_change(struct costly *costly, struct buffer *frame, struct text id)
{
    static const char *const ops[] = {"accept", "start", "confirm", "resume"};
    struct msg_change change = {0};
    MSG_SET(&change, change, task, any_task(costly));
    message_encode(frame, ops[pick(costly, 4)], id, &message_change, &change);
}

static void make_reason(struct costly *costly, struct buffer *frame, struct text id)
{
    static const char *const ops[] = {"reject", "suspend", "cancel"};
    struct msg_reason reason = {0};
    MSG_SET(&reason, reason, task, any_task(costly));
    MSG_SET(&reason, reason, note, words(costly, costly->note, 4096));
    message_encode(frame, ops[pick(costly, 12) ? pick(costly, 2) : 2], id, &message_reason, &reason);
}

static void make_escalate(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_escalate escalate = {0};
    MSG_SET(&escalate, escalate, task, any_task(costly));
    MSG_SET(&escalate, escalate, to, agencies(pick(costly, CHILDREN - 16), 16));
    MSG_SET(&escalate, escalate, note, words(costly, costly->note, 4096));
    message_encode(frame, "escalate", id, &message_escalate, &escalate);
}

static void make_task_list(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_task_list list = {0};
    if (pick(costly, 2))
        MSG_SET(&list, task_list, search, words(costly, costly->note, 250));
    if (pick(costly, 2))
        MSG_SET(&list, task_list, area, TEXT("land"));
    MSG_SET(&list, task_list, limit, 1000);
    message_encode(frame, "task_list", id, &message_task_list, &list);
}

static void make_read(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_task_get get = {0};
    struct msg_list names = {0};
    struct msg_key_list keys = {0};
    MSG_SET(&get, task_get, task, any_task(costly));
    MSG_SET(&names, list, limit, 1000);
    MSG_SET(&keys, key_list, limit, 1000);
    struct msg_task_explain explain = {0};
    MSG_SET(&explain, task_explain, task, any_task(costly));
    switch (pick(costly, 8)) {
    case 6:
        message_encode(frame, "task_explain", id, &message_task_explain, &explain);
        break;
    case 0:
        message_encode(frame, "summary", id, &message_summary, &(struct msg_summary){0});
        break;
    case 1:
        message_encode(frame, "task_get", id, &message_task_get, &get);
        break;
    case 2:
        message_encode(frame, "agency_list", id, &message_list, &names);
        break;
    case 3:
        message_encode(frame, "calendar_list", id, &message_list, &names);
        break;
    case 4:
        message_encode(frame, "policy_list", id, &message_list, &names);
        break;
    case 5:
        message_encode(frame, "key_list", id, &message_key_list, &keys);
        break;
    default:
        message_encode(frame, "escalation_list", id, &message_escalation_list, &(struct msg_escalation_list){0});
        break;
    }
}

static void make_explain(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_calendar_explain explain = {0};
    MSG_SET(&explain, calendar_explain, from, TEXT("2000-01-01"));
    MSG_SET(&explain, calendar_explain, add, pick(costly, 2) ? TEXT("2099-12-31") : TEXT("20000wd"));
    message_encode(frame, "calendar_explain", id, &message_calendar_explain, &explain);
}

/* To one that has as many already, or is one more link of a chain. */
static void make_stand_in(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_agency_stand_in set = {0};
    MSG_SET(&set, agency_stand_in, agency, agencies(pick(costly, CHILDREN), 1).items[0]);
    if (pick(costly, 4)) {
        MSG_SET(&set, agency_stand_in, by,
                pick(costly, 3) ? agencies(CHILDREN + pick(costly, CHILDREN), 1).items[0] : TEXT("so2"));
        MSG_SET(&set, agency_stand_in, until, TEXT("2024-12-31"));
    }
    message_encode(frame, "agency_stand_in", id, &message_agency_stand_in, &set);
}

/* About a task, in the name of one that is stood in for, or that is not. */
static void make_in_name(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_comment comment = {0};
    MSG_SET(&comment, comment, task, any_task(costly));
    MSG_SET(&comment, comment, note, words(costly, costly->note, 1000));
    message_encode_for(frame, "comment", id,
                       pick(costly, 4) ? agencies(300 + pick(costly, 20), 1).items[0] : TEXT("xa2"), &message_comment,
                       &comment);
}

/* A new one, beside the ids of all others; or one that others hang on, changed. */
static void make_agency(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_agency_set set = agency_set("thon", "huyen");
    char fresh[40];
    snprintf(fresh, sizeof fresh, "thon-%llu-%u", (unsigned long long)costly->number, pick(costly, 1000));
    MSG_SET(&set.agency, agency, agency,
            pick(costly, 2) ? text_of(fresh) : agencies(300 + pick(costly, CHILDREN), 1).items[0]);
    MSG_SET(&set.agency, agency, name, words(costly, costly->note, 300));
    if (pick(costly, 2))
        MSG_SET(&set.agency, agency, may_task, agencies(0, LIST_MAX));
    if (!pick(costly, 4)) {
        MSG_SET(&set.agency, agency, valid_until, costly->world->now + 1);
        MSG_SET(&set.agency, agency, successor, agencies(pick(costly, CHILDREN), 1).items[0]);
    }
    message_encode(frame, "agency_set", id, &message_agency_set, &set);
}

static void make_key(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_key_set set = {0};
    struct msg_key_revoke revoke = {0};
    char fresh[32];
    snprintf(fresh, sizeof fresh, "k%llu", (unsigned long long)costly->number);
    if (!pick(costly, 3)) {
        MSG_SET(&revoke, key_revoke, public_key, text_of(world_key(pick(costly, 2) ? "tinh" : "phong")));
        message_encode(frame, "key_revoke", id, &message_key_revoke, &revoke);
        return;
    }
    MSG_SET(&set, key_set, agency, agencies(pick(costly, CHILDREN), 1).items[0]);
    MSG_SET(&set.key, key, public_key, text_of(world_key(pick(costly, 2) ? fresh : "tinh")));
    MSG_SET(&set.key, key, label, text_of(fresh));
    MSG_SET(&set.key, key, rights, TERM_BIT(RIGHT_READ));
    MSG_MARK(&set, key_set, key);
    message_encode(frame, "key_set", id, &message_key_set, &set);
}

static void make_calendar(struct costly *costly, struct buffer *frame, struct text id)
{
    static struct msg_exception exceptions[4096];
    static char days[4096][16];
    static struct msg_hours hours[21];
    static char name[128];
    struct msg_calendar_set set = {0};
    const uint32_t count = pick(costly, 2) ? 4096 : 1 + pick(costly, 4096);
    memset(name, 'n', sizeof name);
    for (uint32_t i = 0; i < count; i++) {
        exceptions[i] = (struct msg_exception){0};
        snprintf(days[i], sizeof days[i], "%04u-%02u-%02u", 2010 + i / 336, 1 + i / 28 % 12, 1 + i % 28);
        MSG_SET(&exceptions[i], exception, day, text_of(days[i]));
        MSG_SET(&exceptions[i], exception, name, (struct text){name, 1 + pick(costly, 120)});
        MSG_SET(&exceptions[i], exception, working, pick(costly, 2));
    }
    for (unsigned i = 0; i < 21; i++) {
        MSG_SET(&hours[i], hours, weekday, 1 + i / 3);
        MSG_SET(&hours[i], hours, open, 100 + i % 3 * 300);
        MSG_SET(&hours[i], hours, close, 200 + i % 3 * 300);
    }
    MSG_SET(&set.calendar, calendar, calendar, pick(costly, 2) ? TEXT("dai") : TEXT("default"));
    MSG_SET(&set.calendar, calendar, utc_offset, 420);
    MSG_SET(&set.calendar, calendar, hours, (struct msg_hours_items){hours, 21});
    MSG_SET(&set.calendar, calendar, exceptions, (struct msg_exception_items){exceptions, count});
    MSG_MARK(&set, calendar_set, calendar);
    if (pick(costly, 2))
        MSG_SET(&set, calendar_set, dry_run, true);
    message_encode(frame, "calendar_set", id, &message_calendar_set, &set);
}

static void make_policy(struct costly *costly, struct buffer *frame, struct text id)
{
    static struct msg_step steps[32];
    struct msg_policy_set set = {0};
    for (unsigned i = 0; i < 32; i++) {
        steps[i] = (struct msg_step){0};
        MSG_SET(&steps[i], step, deadline, DEADLINE_COMPLETION);
        MSG_SET(&steps[i], step, offset, (int64_t)i - 16);
        MSG_SET(&steps[i], step, unit, UNIT_WORKING_DAYS);
        MSG_SET(&steps[i], step, does, RUNG_ESCALATE);
        MSG_SET(&steps[i], step, level, 1 + i % 9);
        MSG_SET(&steps[i], step, agencies, agencies(0, 16));
    }
    MSG_SET(&set.policy, policy, policy, TEXT("dai"));
    MSG_SET(&set.policy, policy, name, words(costly, costly->note, 250));
    MSG_SET(&set.policy, policy, source, words(costly, costly->text, 500));
    MSG_SET(&set.policy, policy, accept_within, 1 + pick(costly, 100));
    MSG_SET(&set.policy, policy, steps, (struct msg_step_items){steps, 1 + pick(costly, 32)});
    MSG_MARK(&set, policy_set, policy);
    if (costly->number > 0 && pick(costly, 2)) {
        MSG_SET(&set, policy_set, dry_run, true);
        MSG_SET(&set, policy_set, since, costly->world->now - pick(costly, 2) * WORLD_DAY);
    }
    message_encode(frame, "policy_set", id, &message_policy_set, &set);
}

/* What is refused for its form, and late: its last field is. */
static void make_refused(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_comment comment = {0};
    MSG_SET(&comment, comment, task, pick(costly, 2) ? UINT64_C(1) << 40 : costly->whole);
    MSG_SET(&comment, comment, note, pick(costly, 2) ? words(costly, costly->text, 17000) : TEXT("ghi chú"));
    message_encode(frame, pick(costly, 2) ? "comment" : "comments", id, &message_comment, &comment);
}

struct costly_kind {
    const char *name;
    const char *agency; /* that sends it; NULL: any */
    unsigned often;
    void (*make)(struct costly *costly, struct buffer *frame, struct text id);
};

static const struct costly_kind kinds[] = {
    {"assign", "huyen", 4, make_assign},
    {"assign to one", "huyen", 2, make_one},
    {"amend", "huyen", 2, make_amend},
    {"reassign", "huyen", 1, make_reassign},
    {"comment", NULL, 2, make_comment},
    {"report", "xa1", 2, make_report},
    {"change", "xa1", 1, make_change},
    {"reason", "huyen", 1, make_reason},
    {"escalate", NULL, 1, make_escalate},
    {"task_list", NULL, 2, make_task_list},
    {"read", NULL, 3, make_read},
    {"calendar_explain", NULL, 1, make_explain},
    {"agency_set", "tinh", 2, make_agency},
    {"key_set", "tinh", 1, make_key},
    {"calendar_set", "tinh", 1, make_calendar},
    {"policy_set", "tinh", 1, make_policy},
    {"refused", NULL, 2, make_refused},
    {"agency_stand_in", "tinh", 1, make_stand_in},
    {"in another's name", "so2", 2, make_in_name},
};
#define KINDS (sizeof kinds / sizeof kinds[0])

const char *costly_kind(unsigned number)
{
    return number < KINDS ? kinds[number].name : NULL;
}

static const struct costly_kind *pick_kind(struct costly *costly)
{
    uint32_t all = 0, at;
    for (size_t i = 0; costly->only && i < KINDS; i++)
        if (strcmp(kinds[i].name, costly->only) == 0)
            return &kinds[i];
    for (size_t i = 0; i < KINDS; i++)
        all += kinds[i].often;
    at = pick(costly, all);
    for (size_t i = 0;; at -= kinds[i++].often)
        if (at < kinds[i].often)
            return &kinds[i];
}

/* ---- frames ---- */

static void add_request(struct costly *costly, const struct costly_kind *kind, struct buffer *frame)
{
    char id[32];
    snprintf(id, sizeof id, "R-%llu", (unsigned long long)++costly->number);
    kind->make(costly, frame, text_of(id));
}

/* Requests that are alike or mixed, as many as are allowed. */
static void add_batch(struct costly *costly, const struct costly_kind *kind, struct buffer *frame)
{
    struct buffer bytes = {0};
    size_t ends[256];
    struct text requests[256];
    struct msg_batch batch = {0};
    uint32_t count = 0;
    const uint32_t wanted = pick(costly, 4) ? 256 : 1 + pick(costly, 8);
    const bool alike = pick(costly, 2);
    while (count < wanted) {
        add_request(costly, alike || count == 0 ? kind : pick_kind(costly), &bytes);
        if (bytes.size > FRAME_MAX - 4096)
            break;
        ends[count++] = bytes.size;
    }
    for (uint32_t i = 0; i < count; i++) {
        const size_t from = i ? ends[i - 1] : 0;
        requests[i] = (struct text){bytes.data + from, (uint32_t)(ends[i] - from)};
    }
    if (count > 0) {
        MSG_SET(&batch, batch, requests, (coord_raws){requests, count});
        message_encode(frame, "batch", TEXT("b"), &message_batch, &batch);
    } else {
        buffer_append(frame, bytes.data, bytes.size);
    }
    buffer_done(&bytes);
}

static int64_t now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void step_all(struct costly *costly, struct event *event, struct costly_outcome *outcome)
{
    struct effects *effects = &costly->world->effects;
    bool goes_on = true;
    while (goes_on) {
        effects_clear(effects); /* each slice is let go before the next one, at the most */
        const int64_t begun = now_ns();
        core_step(costly->world->core, event, effects);
        const int64_t took_ns = now_ns() - begun;
        outcome->cost = effects->cost > outcome->cost ? effects->cost : outcome->cost;
        outcome->took_ns = took_ns > outcome->took_ns ? took_ns : outcome->took_ns;
        outcome->all_cost += effects->cost;
        outcome->all_ns += took_ns;
        for (size_t i = 0; i < effects->count; i++)
            if (effects->items[i].type == EFFECT_REPLY) {
                outcome->requests++;
                outcome->refused |= effects->items[i].reply.refused;
            }
        goes_on = effects_go_on(effects, 0, &event->request.slice);
    }
}

struct costly_outcome costly_try(struct costly *costly)
{
    static const char *const others[] = {"huyen", "so2", "xa1", "tinh"};
    const struct costly_kind *kind = pick_kind(costly);
    struct buffer frame = {0};
    struct costly_outcome outcome = {.kind = kind->name, .batch = !pick(costly, costly->batches)};
    if (outcome.batch)
        add_batch(costly, kind, &frame);
    else
        add_request(costly, kind, &frame);
    assert_true(frame.size <= FRAME_MAX);
    const char *agency = kind->agency && pick(costly, 10) ? kind->agency : others[pick(costly, 4)];
    struct event event = {
        .type = EVENT_REQUEST,
        .now_ms = costly->world->now,
        .request = {.peer = 1, .key = text_of(world_key(agency)), .frame = frame.data, .size = frame.size}};
    step_all(costly, &event, &outcome);
    buffer_done(&frame);
    return outcome;
}

/* ---- the world ---- */

static void send(struct costly *costly, const char *agency, enum op op, const void *request)
{
    if (world_send(costly->world, agency, op, request))
        fail_msg("%s: %.*s", op_row(op)->name, TEXT_ARGS(costly->world->refusal.message));
}

static void add_agencies(struct costly *costly, unsigned count)
{
    char id[24];
    for (unsigned i = 0; i < count; i++) {
        (void)agency_named(id, sizeof id, i);
        struct msg_agency_set set = agency_set(id, i < CHILDREN - 3 ? "huyen" : "so1");
        send(costly, "tinh", OP_AGENCY_SET, &set);
    }
}

static void add_tasks(struct costly *costly, const char *lead, unsigned count, uint64_t whole)
{
    char reference[32];
    for (unsigned i = 0; i < count; i++) {
        const struct text id = text_of(lead);
        struct msg_assign assign = {0};
        snprintf(reference, sizeof reference, "%s-%u", whole ? "PHAN" : "VIEC", i);
        MSG_SET(&assign, assign, reference, text_of(reference));
        MSG_SET(&assign, assign, leads, (struct texts){&id, 1});
        MSG_SET(&assign.content, content, title, words(costly, costly->text, 1000));
        if (whole)
            MSG_SET(&assign.content, content, parent, whole);
        MSG_MARK(&assign, assign, content);
        send(costly, "huyen", OP_ASSIGN, &assign);
    }
}

/* As much by hand as may be open: eight agencies have their whole share. */
static void add_escalations(struct costly *costly)
{
    static const char *const raise[] = {"huyen", "xa1", "so2", "xa2", "xa3", "phong", "ngoai", "so1"};
    struct text along[5];
    struct msg_amend amend = {0};
    for (unsigned i = 0; i < 5; i++)
        along[i] = text_of(raise[3 + i]);
    MSG_SET(&amend, amend, task, costly->crowded);
    MSG_SET(&amend.content, content, supervisor, TEXT("so2"));
    MSG_SET(&amend.content, content, cooperating, ((struct texts){along, 5}));
    MSG_MARK(&amend, amend, content);
    send(costly, "huyen", OP_AMEND, &amend);
    for (unsigned i = 0; i < TASK_ESCALATIONS_BY_HAND; i++) {
        struct msg_escalate escalate = {0};
        MSG_SET(&escalate, escalate, task, costly->crowded);
        MSG_SET(&escalate, escalate, to, agencies(16 * (i % 8), 16));
        MSG_SET(&escalate, escalate, note, TEXT("chậm"));
        send(costly, raise[i / TASK_ESCALATIONS_EACH], OP_ESCALATE, &escalate);
    }
}

static void add_crowded(struct costly *costly)
{
    struct msg_amend amend = {0};
    costly->crowded = world_assign(costly->world, "huyen", "xa1", "DONG", "2024-12-28");
    add_escalations(costly);
    MSG_SET(&amend, amend, task, costly->crowded);
    MSG_SET(&amend.content, content, cooperating, agencies(300, LIST_MAX));
    MSG_SET(&amend.content, content, observers, agencies(400, LIST_MAX));
    MSG_MARK(&amend, amend, content);
    send(costly, "huyen", OP_AMEND, &amend);
}

static void add_stand_in(struct costly *costly, struct text agency, struct text by)
{
    struct msg_agency_stand_in set = {0};
    MSG_SET(&set, agency_stand_in, agency, agency);
    MSG_SET(&set, agency_stand_in, by, by);
    MSG_SET(&set, agency_stand_in, until, TEXT("2024-12-31"));
    send(costly, "tinh", OP_AGENCY_STAND_IN, &set);
}

/* Whoever is told has a stand-in, one for as many as may be; so2, that asks, for as many as well, some with roles on the crowded task.
 * The last are nobody's, and make a chain of the others. */
static void add_stand_ins(struct costly *costly, unsigned count)
{
    char agency[24], by[24];
    for (unsigned i = 0; i < count - 1; i++) {
        const unsigned stands = count - 1 - i / STAND_INS_MAX;
        const bool asks = i >= 300 && i < 300 + STAND_INS_MAX;
        if (stands <= i)
            break;
        add_stand_in(costly, agency_named(agency, sizeof agency, i),
                     asks ? TEXT("so2") : agency_named(by, sizeof by, stands));
    }
    add_stand_in(costly, TEXT("huyen"), TEXT("xa2")); /* that leads the parts: not what huyen gave it */
    add_stand_in(costly, TEXT("xa1"), TEXT("xa3"));
}

void costly_begin(struct costly *costly, const struct costly_size *size)
{
    struct buffer frame = {0};
    costly->world = world_new();
    add_agencies(costly, size->agencies);
    make_policy(costly, &frame, TEXT("policy"));
    if (world_send_frame(costly->world, world_key("tinh"), frame.data, frame.size))
        fail_msg("policy_set: %.*s", TEXT_ARGS(costly->world->refusal.message));
    buffer_done(&frame);
    costly->whole = world_assign(costly->world, "huyen", "xa1", "TONG", "2024-12-28");
    add_tasks(costly, "xa2", size->parts, costly->whole);
    add_tasks(costly, "xa1", size->tasks, 0);
    add_crowded(costly);
    add_stand_ins(costly, size->agencies);
}

void costly_done(struct costly *costly)
{
    world_free(costly->world);
}
