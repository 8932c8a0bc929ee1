/* What the core knows: for the sources of this room alone. Outside it a struct core is opaque.
 *
 * Agencies, calendars, policy versions and tasks have numbers, given in the order in which they came, and refer to each
 * other by number. Nothing here is ever removed. Whatever follows from the records changes in apply.c alone (and in
 * consumer.c, which is of no record); deadlines.heap and the indexes are derived.
 */
#ifndef COORDD_CORE_STATE_H
#define COORDD_CORE_STATE_H

#include "base/bits.h"
#include "base/heap.h"
#include "base/map.h"
#include "base/pool.h"
#include "core/calendar.h"
#include "core/core.h"
#include "core/policy.h"
#include "core/task_fields.def.h"

#define TIME_NONE INT64_MIN  /* in an int64_t time: there is none */
#define NONE      UINT32_MAX /* in a uint32_t number: there is none */

/* ---- limits: each past its maximum gives CAPACITY ---- */

#define CORE_AGENCIES_MAX    65536 /* × 940 bytes = 62 MB, beside what they hold: core/holdings.h */
#define CORE_KEYS_MAX        64    /* of one agency, the revoked counted: a row of 64 × 250 bytes */
#define CORE_CALENDARS_MAX   256   /* × 4096 exceptions × 170 bytes = 178 MB at the very most */
#define CORE_POLICIES_MAX    1024  /* ids */
#define CORE_POLICY_VERSIONS 65536 /* of all ids together: × 12 KiB at most */
/* × 360 bytes while they are open or closed lately = 36 GB; × 16 once they are closed for CORE_COLD_AFTER_MS = 1.6 GB, and
 * the rest in memory that is lent: core/cold.h. Numbers stay below 2^32. */
#define CORE_TASKS_MAX     100000000
#define CORE_CONSUMERS_MAX 65536 /* × 120 bytes = 8 MB; 1,024 agencies with all of theirs */
#define CORE_CONSUMERS_EACH                                                                                            \
    64 /* of one agency, unless core_limit_consumers says otherwise: past it the one that is furthest behind makes room */
#define CORE_CONSUMERS_READER    16    /* of one key that may only read */
#define TASK_AGENCIES_MAX        64    /* in one role of a task; messages.def.h says so as well */
#define TASK_PARTS_MAX           16384 /* right under one task: 1.6 ms to walk; records of before may have more */
#define TASK_ESCALATIONS_MAX     64    /* kept with a task; one that ended makes room: core/crowd.h */
#define TASK_ESCALATIONS_BY_HAND 32    /* raised by hand, and open at once */
#define TASK_ESCALATIONS_EACH    4     /* of these, one agency's; and of those that are neither assigner, lead nor */
#define TASK_ESCALATIONS_OTHERS  20    /* supervisor, together: 32 − 3 × 4, so that each of the three has its own */
#define TASK_STEPS_MAX           32    /* of a policy: messages.def.h has it */
#define TASK_ASKS_MAX            64    /* kept with a task; the oldest that was not granted makes room */
#define TASK_ASKS_EACH           6 /* of a kind, by one lead in TASK_ASKS_DAYS: × 5 kinds = 30, so that what it asks for and */
#define TASK_ASKS_DAYS           30 /* takes back again does not push out what others asked, nor itself before it is counted */
#define TASK_QUESTIONS_MAX       16    /* of a task, ever: whoever is asked is asked no more often */
#define TASK_OPINIONS_MAX        64    /* of a task, ever, open or not: two questions to as many as one may be put to */
#define CORE_SCHEDULES_MAX       16384 /* × 60 KB at the very most = 1 GB, 1 KB as a rule; to walk all takes 0.2 ms */
#define CORE_SCHEDULES_EACH      256 /* of one agency, those that ended counted; one of these makes room for another */
#define REQUEST_CHUNK            256 /* remembered changes in one row: × 16 bytes = 4 KiB */
#define REQUEST_CHUNKS           256 /* of one agency: × 256 = 65,536 changes at most; see core/seen.h */

/* ---- agencies ---- */

struct key {
    char public_key[41];
    uint32_t agency;
    struct msg_key *message; /* owned copy */
};

/* The tree and the successions, downward: NONE where there is none. Their order says nothing. */
struct agency_links {
    uint32_t first;          /* that names this one */
    uint32_t next, previous; /* that names the same as this one */
};

struct agency {
    uint32_t number;
    uint32_t parent;    /* NONE at the top */
    uint32_t successor; /* NONE when nobody is */
    bool assignable;
    int64_t valid_from;  /* INT64_MIN when always */
    int64_t valid_until; /* INT64_MAX when for ever */
    struct text id;      /* in the message */
    struct msg_agency *message;
    uint32_t *keys; /* numbers, in the order in which they came */
    uint32_t key_count;
    struct agency_links below;   /* among those of its parent */
    struct agency_links gone;    /* among those of its successor */
    struct agency_links stood;   /* among those that its stand-in stands in for, or will */
    uint32_t stand_in;           /* who stands in for it, did last or will; NONE when nobody is said */
    int64_t stand_from;          /* with that: from then on… */
    int64_t stand_until;         /* …and not at or after this time */
    uint64_t given, given_bytes; /* tasks that it is the assigner of: core/given.h; 0 while restoring */
    uint64_t seq;                /* newest record of it or its keys */
    uint64_t placed;             /* that put it under another in the tree; 0: none since that is kept */
};

/* ---- calendars and policies: replaced as a whole ---- */

struct calendar_entry {
    struct text id; /* in the calendar's message */
    struct calendar *calendar;
    uint64_t seq;
    uint64_t recount; /* the next task whose due time is to be counted anew; 0 when none is left (core/recount.h) */
    int64_t changed;  /* while one is: when it was changed */
};

/* One version of a policy. A task keeps the version that it was given under. */
struct policy_entry {
    struct text id; /* in the policy's message */
    struct policy *policy;
    uint32_t version; /* from 1 */
    uint32_t older;   /* number of the version before; NONE for the first */
    bool newest;
    uint64_t seq;
};

/* ---- tasks ---- */

struct escalation {
    uint64_t id; /* sequence of the record that opened it */
    uint8_t level;
    uint8_t step;             /* of the task's policy; STEP_BY_HAND when an agency raised it, STEP_OF_BOUNCES */
    uint8_t to_count;         /* at most TASK_AGENCIES_MAX */
    bool superseded;          /* it ended because its round did */
    uint32_t round;           /* of its step's deadline; 1 when raised by hand */
    uint32_t by;              /* NONE when a policy did */
    uint32_t acknowledged_by; /* NONE while nobody has */
    uint32_t reason_size;     /* bytes */
    int64_t opened;           /* ms since 1970, as all times */
    int64_t told;             /* when those in `to` were worked out */
    int64_t acknowledged;     /* TIME_NONE while nobody has */
    int64_t closed;           /* TIME_NONE unless it ended unacknowledged */
    uint32_t *to;             /* one allocation: to_count agencies, then the reason's bytes */
};
#define STEP_BY_HAND    UINT8_MAX
#define STEP_OF_BOUNCES (UINT8_MAX - 1) /* core/bounces.h */

struct escalations {
    uint32_t count, capacity; /* at most TASK_ESCALATIONS_MAX, oldest first */
    struct escalation items[];
};

/* A deadline's rounds: each of its dates has one. Number 1 begins with the assignment. */
struct round {
    uint32_t number;
    int64_t since; /* its rungs of before are passed over */
};
#define ROUND_KINDS (DEADLINE_DECISION + 1)

/* Of a task that is in the first round of every deadline there is no such thing: most never have one. */
struct rounds {
    struct round of[ROUND_KINDS]; /* by deadline */
    int64_t report_missed; /* the end of the newest period whose report never came, in the round before this one */
};

/* What the lead asked for, oldest first, each as it is shown but for names: an owned copy. */
struct asks {
    uint32_t count;
    struct msg_asked *items[TASK_ASKS_MAX];
};

/* What the lead asked others their opinion of, and what became of that, oldest first: owned copies as they are shown, but for names. */
struct questions {
    uint32_t count, opinion_count;
    struct msg_question *items[TASK_QUESTIONS_MAX];
    struct msg_opinion *opinions[TASK_OPINIONS_MAX];
};

/* Whose clock ran from then on, to the next: core/custody.h. */
struct turn {
    int64_t since;
    uint32_t agency; /* by the name of then; NONE when the task was closed */
    uint8_t charge;  /* CHARGE_… */
};

struct turns {
    uint32_t count; /* at least one; room for the next power of two */
    struct turn items[];
};

struct pack; /* a task's texts and lists, packed in one allocation: core/pack.h */

/* Which members a task has, in which of three structs, and what each is for, stands in task_fields.def.h. The widest come
 * first, so that no room is lost between them. */
#define TASK_MEMBER_seq      8, uint64_t
#define TASK_MEMBER_time     8, int64_t
#define TASK_MEMBER_num      8, double
#define TASK_MEMBER_count    4, uint32_t
#define TASK_MEMBER_agency   4, uint32_t
#define TASK_MEMBER_policy   4, uint32_t
#define TASK_MEMBER_calendar 4, uint32_t
#define TASK_MEMBER_percent  1, uint8_t

#define TASK_HAS(c_type, name)                    c_type name;
#define TASK_HAS_NOT(c_type, name)                /* it is of another width */
#define TASK_IN_8_8                               TASK_HAS
#define TASK_IN_8_4                               TASK_HAS_NOT
#define TASK_IN_8_1                               TASK_HAS_NOT
#define TASK_IN_4_8                               TASK_HAS_NOT
#define TASK_IN_4_4                               TASK_HAS
#define TASK_IN_4_1                               TASK_HAS_NOT
#define TASK_IN_1_8                               TASK_HAS_NOT
#define TASK_IN_1_4                               TASK_HAS_NOT
#define TASK_IN_1_1                               TASK_HAS
#define TASK_PLACE(width, own_width, c_type, ...) TASK_IN_##width##_##own_width(c_type, __VA_ARGS__)
#define TASK_PLACED(...)                          TASK_PLACE(__VA_ARGS__)
#define TASK_NONE(...)                            /* in the pack, elsewhere, or held nowhere */

/* Of a field, what its `where` has of it: nothing unless that is the one that is asked. */
#define TASK_OWN_own(...)       __VA_ARGS__
#define TASK_OWN_course(...)    /* in struct course */
#define TASK_OWN_rare(...)      /* in struct rare */
#define TASK_COURSE_own(...)    /* in struct task */
#define TASK_COURSE_course(...) __VA_ARGS__
#define TASK_COURSE_rare(...)   /* in struct rare */
#define TASK_RARE_own(...)      /* in struct task */
#define TASK_RARE_course(...)   /* in struct course */
#define TASK_RARE_rare(...)     __VA_ARGS__

#define TASK_OWN_F(width, type, name, where, ...)          TASK_OWN_##where(TASK_PLACED(width, TASK_MEMBER_##type, name))
#define TASK_OWN_T(width, vocabulary, name, where, ...)    TASK_OWN_##where(TASK_PLACED(width, 1, uint8_t, name))
#define TASK_OWN_O(width, type, name, where, ...)          TASK_OWN_##where(TASK_PLACED(width, 8, type *, name))
#define TASK_COURSE_F(width, type, name, where, ...)       TASK_COURSE_##where(TASK_PLACED(width, TASK_MEMBER_##type, name))
#define TASK_COURSE_T(width, vocabulary, name, where, ...) TASK_COURSE_##where(TASK_PLACED(width, 1, uint8_t, name))
#define TASK_COURSE_O(width, type, name, where, ...)       TASK_COURSE_##where(TASK_PLACED(width, 8, type *, name))
#define TASK_RARE_F(width, type, name, where, ...)         TASK_RARE_##where(TASK_PLACED(width, TASK_MEMBER_##type, name))
#define TASK_RARE_T(width, vocabulary, name, where, ...)   TASK_RARE_##where(TASK_PLACED(width, 1, uint8_t, name))
#define TASK_RARE_O(width, type, name, where, ...)         TASK_RARE_##where(TASK_PLACED(width, 8, type *, name))

/* What becomes of a task once it is taken up, and what reports it owes: 56 bytes. */
struct course {
    TASK_FIELDS(TASK_COURSE_F, TASK_COURSE_T, TASK_NONE, TASK_COURSE_O, TASK_NONE, 8)
    TASK_FIELDS(TASK_COURSE_F, TASK_COURSE_T, TASK_NONE, TASK_COURSE_O, TASK_NONE, 4)
    TASK_FIELDS(TASK_COURSE_F, TASK_COURSE_T, TASK_NONE, TASK_COURSE_O, TASK_NONE, 1)
};

/* What becomes of few: 64 bytes. */
struct rare {
    TASK_FIELDS(TASK_RARE_F, TASK_RARE_T, TASK_NONE, TASK_RARE_O, TASK_NONE, 8)
    TASK_FIELDS(TASK_RARE_F, TASK_RARE_T, TASK_NONE, TASK_RARE_O, TASK_NONE, 4)
    TASK_FIELDS(TASK_RARE_F, TASK_RARE_T, TASK_NONE, TASK_RARE_O, TASK_NONE, 1)
};

/* A million wait to be taken up: 112 bytes each, beside the pack. The two others are read as any member; until one of
 * theirs is set (task_course, task_rare of core/course.h) they are the ones that all such tasks share. */
struct task {
    const struct course *course;
    const struct rare *rare;
    TASK_FIELDS(TASK_OWN_F, TASK_OWN_T, TASK_NONE, TASK_OWN_O, TASK_NONE, 8)
    TASK_FIELDS(TASK_OWN_F, TASK_OWN_T, TASK_NONE, TASK_OWN_O, TASK_NONE, 4)
    TASK_FIELDS(TASK_OWN_F, TASK_OWN_T, TASK_NONE, TASK_OWN_O, TASK_NONE, 1)
};

/* ---- schedules ---- */

/* What makes a task at the begin of each period: core/schedule.h. */
struct schedule {
    struct msg_schedule *message; /* owned copy, with what the broker keeps; NULL only while rows come in */
    uint32_t assigner;            /* that set it, or set it last */
    uint32_t calendar;
    int64_t next;   /* the first day of the period that is to come; SCHEDULE_NEVER once it has ended */
    uint64_t bytes; /* that its assigner's account has for it */
    uint64_t seq;   /* newest record of it */
};
#define SCHEDULE_NEVER INT64_MAX

/* ---- the whole ---- */

struct requests; /* an agency's changes that are remembered: core/seen.c */

/* A request's name and what it comes to: a step looks for it, and then keeps it. */
struct request_name {
    uint32_t agency;
    uint32_t size; /* 0 while there is none */
    char id[COORD_REQUEST_ID_MAX];
    uint64_t hash, index;
};

struct consumer {
    uint32_t agency;
    uint32_t key; /* that made it; NONE when its row is from before that was kept, or a successor's key made it */
    bool
        reads; /* a successor's key that may only read: how far it has come with what the agency left, for itself alone */
    bool made; /* a broker chose where it begins, and nobody has said yet to have dealt with anything */
    struct text name;
    uint64_t seq;
};

/* TASK_PAGE tasks, each in the pool or in memory that is lent: then it is cold, and the lowest bit of its
 * address here is set (core/cold.h). */
#define TASK_PAGE 256
struct task_page {
    uintptr_t *tasks; /* by number; NULL while there are none. Lies in a table when is_lent */
    uint16_t cold;    /* how many of them are */
    bool is_lent;
};

struct link_page;
struct holdings;
struct hot_spots;
struct cold;
struct waits; /* who waits for whom: core/waits.c */
struct documents;
struct cites;
struct scratch; /* memory that is used again and again: core/scratch.h */

struct core {
    /* counters, from the records */
    uint8_t identity[16];
    uint8_t ancestor[16]; /* with `parted` not 0: the store that this one was restored from a backup of… */
    uint64_t parted;      /* …and the last record that they have in common */
    uint64_t seq;         /* newest record */
    int64_t time;         /* its time */
    uint64_t task_count, open_tasks;
    struct msg_store_settings *settings; /* owned copy; NULL while nothing is set */

    struct agency **agencies; /* by number */
    size_t agency_capacity;
    uint32_t agency_count, agency_filled; /* fewer are filled only while rows come in */
    uint32_t *held; /* derived: agencies that keep who stood in their place before (core/held.h)… */
    uint32_t held_count;
    size_t held_capacity;
    uint32_t stood_count;      /* derived: of how many it is said who stands in for them */
    uint32_t *agencies_sorted; /* numbers in the order of ids */
    struct map agency_index;   /* by id */

    struct key *keys; /* by number */
    size_t key_capacity;
    uint32_t key_count, key_filled, keys_live;
    uint32_t *keys_sorted; /* numbers in the order of public keys */
    struct map key_index;

    struct calendar_entry *calendars; /* by number, which is the order in which they came */
    uint32_t calendar_count;
    uint32_t recounts;        /* of them, how many are being counted anew */
    uint64_t *recount_places; /* while restoring: what the core's row says of them, NULL for nothing; three each */
    uint32_t recount_place_count;

    struct policy_entry *policies; /* by number: every version */
    uint32_t policy_count;

    struct pool tasks; /* those that are not cold */
    struct task_page *pages;
    size_t page_count;
    struct map reference_index;   /* by assigner and reference, of those that are not cold */
    struct cold *cold;            /* those that are */
    struct link_page *link_pages; /* core/parts.c */
    size_t link_page_count;
    struct waits *waits;

    struct requests **requests; /* by agency; NULL of one that has changed nothing */
    size_t request_capacity;
    uint64_t request_count; /* changes ever, of all agencies */
    uint64_t requests_seq;  /* while restoring: up to here rows have the changes */
    bool requests_reread;   /* while restoring: no row has them, and the whole journal is to be asked */

    struct consumer *consumers;
    size_t consumer_capacity;
    uint32_t consumer_count;
    uint32_t consumers_each; /* that an agency may have */
    struct map consumer_index;

    struct schedule *schedules; /* by number − 1 */
    size_t schedule_capacity;
    uint32_t schedule_count;

    /* derived */
    struct heap periods;       /* by schedule: when its next period begins */
    struct heap deadlines;     /* by task number: when its next rung fires */
    struct holdings *holdings; /* who has a role on which tasks: core/holdings.h */
    struct bits escalated;     /* tasks that have escalations, open or ended */
    struct bits targets;       /* tasks that are targets: few, and looked for among all */
    struct bits asking;    /* tasks with an open request of their lead, or an opinion that is owed: core/decider.h */
    uint64_t asking_next;  /* of these, the next to be scheduled anew; 0 when none is to be… */
    bool asking_all;       /* …whoever leads it… */
    struct bits asking_of; /* …or if one of these agencies does */
    int64_t missed_until;  /* rungs due at or before this were missed while the broker was down; see catchup */
    uint64_t tree_seq;     /* the newest record that changed where an agency stands, or who stands for it */
    uint64_t opened_seq;   /* the newest that made a restricted task an open one */
    bool rehearsal;        /* what hello says: the store is for rehearsal */
    bool heard;            /* somebody may be told of records: see core_hear */
    bool restoring;        /* rows and records are coming in: schedules wait for core_restore_done */
    uint64_t rows_seq;     /* while restoring: up to here the counters' row has seen */

    struct bits dirty_agencies, dirty_calendars, dirty_policies, dirty_tasks, dirty_requests, dirty_schedules;
    bool dirty_core;

    struct documents *documents; /* core/document.h */
    struct cites *cites;         /* derived: which tasks cite which document */

    struct checkpoint *checkpoint; /* the one under way: core/checkpoint.c */

    struct hot_spots *hot_spots; /* NULL while there is no rule: core/hot_spot.h */

    struct scratch *scratch;
};

/* ---- finding ---- */

/* NULL when there is no such task. Valid until it changes, or the step ends. Whatever changes one asks task_to_change. */
const struct task *core_task(const struct core *core, uint64_t number);
const struct task *core_task_by_reference(const struct core *core, uint32_t assigner, struct text reference);
/* Whether it is out of ordinary memory, and so closed: found out without reading it. */
bool core_task_is_cold(const struct core *core, uint64_t number);
/* NONE when there is none. */
uint32_t core_calendar_find(const struct core *core, struct text id);
uint32_t core_policy_find(const struct core *core, struct text id); /* its newest version */
uint32_t core_policy_version(const struct core *core, struct text id, uint64_t version);

static inline struct agency *core_agency(const struct core *core, uint32_t number)
{
    return core->agencies[number];
}

/* A task's calendar and policy; NULL when it has none. */
static inline const struct calendar *core_calendar_of(const struct core *core, const struct task *task)
{
    return task->calendar == NONE ? NULL : core->calendars[task->calendar].calendar;
}
/* In which a date is counted that it is given now: its own, or `default` for one that has had no date. NONE while there is none. */
static inline uint32_t core_calendar_to_count(const struct core *core, const struct task *task)
{
    return task->calendar != NONE ? task->calendar : core_calendar_find(core, TEXT("default"));
}
static inline const struct policy *core_policy_of(const struct core *core, const struct task *task)
{
    return task->policy == NONE ? NULL : core->policies[task->policy].policy;
}

/* ---- what is asked of a task in several places ---- */

static inline bool state_is_open(int state)
{
    return state != STATE_COMPLETED && state != STATE_CANCELLED;
}

static inline bool escalation_is_open(const struct escalation *escalation)
{
    return escalation->acknowledged == TIME_NONE && escalation->closed == TIME_NONE;
}

/* Texts and lists out of the pack; valid until the task changes. Empty when absent. */
struct text task_reference(const struct task *task);
struct text task_title(const struct task *task);
uint32_t task_cooperating(const struct task *task, uint32_t agencies[TASK_AGENCIES_MAX]);
uint32_t task_observers(const struct task *task, uint32_t agencies[TASK_AGENCIES_MAX]);
uint32_t task_excluded(const struct task *task, uint32_t agencies[TASK_AGENCIES_MAX]);

#endif
