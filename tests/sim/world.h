/* What is known of agencies, keys, calendars and policies from the records alone, in the simulator's own words.
 *
 * Everything has an index: sets of agencies are bit masks, −1 is none. How days count is written here a second time, day
 * by day, from the Civil Code's articles and the words of the messages, with no table and no halving.
 */
#ifndef COORDD_SIM_WORLD_H
#define COORDD_SIM_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "message.h"

#define WORLD_AGENCIES   12
#define WORLD_KEYS       28
#define WORLD_CALENDARS  3
#define WORLD_POLICIES   3
#define WORLD_STEPS      10
#define WORLD_EXCEPTIONS 8
#define NO_TIME          INT64_MIN

#define SIM_SECOND INT64_C(1000)
#define SIM_MINUTE (60 * SIM_SECOND)
#define SIM_HOUR   (60 * SIM_MINUTE)
#define SIM_DAY    (24 * SIM_HOUR)

struct sim;

#define WORLD_STOOD 8

struct world_agency {
    bool exists, assignable;
    int parent, successor;
    uint64_t placed;     /* the record that put it under another; 0 for none */
    uint32_t may_task;   /* granted by an administrator, each with all under it */
    int64_t from, until; /* NO_TIME and INT64_MAX when always and for ever */
    int stand_in;        /* −1: nobody is said */
    int64_t stand_from, stand_until;
    int64_t stand_in_said; /* when one was last said to; NO_TIME: never */
    struct world_stood {
        int by;
        int64_t from, until;
    } stood[WORLD_STOOD]; /* who stood in its place before a succession that was in force was changed */
    int stood_count;
    int64_t succession_set; /* NO_TIME without one */
};

struct world_key {
    int agency;            /* −1: nobody has it */
    uint32_t rights, ever; /* what it may do, and all that it ever might */
    int64_t until;
    bool revoked;
    char label[16];
};

#define WORLD_SPANS (21 + WORLD_EXCEPTIONS)

struct world_calendar {
    bool exists;
    int64_t changed; /* by the newest record of it */
    int opens[8];    /* minute at which work begins, by weekday from 1; −1 on a day off */
    int64_t offset;
    struct {
        int64_t day;
        bool working, has_hours;
    } exceptions[WORLD_EXCEPTIONS];
    uint32_t exception_count;
    struct world_span { /* of a weekday, or of the one day of an exception */
        int weekday;
        int64_t day;
        int open, close;
    } spans[WORLD_SPANS];
    uint32_t span_count;
};

struct world_step {
    int deadline, unit, does, level, repeat_unit, catchup;
    int64_t offset;
    uint32_t to;       /* roles */
    uint32_t agencies; /* a mask */
    uint32_t repeat, repeats;
    bool in_working_time;
};

/* One version. */
struct world_policy {
    int name;
    uint64_t version, within;
    int within_unit;
    uint32_t acknowledged_for;
    uint64_t decide_within; /* 0: no deadline */
    int decide_unit;
    int ask_before, ordinary; /* −1 when it says nothing */
    int bounces_max;          /* the same */
    int bounces_level;
    uint64_t answer_at_least;
    bool wants_proof; /* of each submission */
    char due[33];     /* empty when it names none */
    struct world_step steps[WORLD_STEPS];
    uint32_t step_count;
};

#define WORLD_HOTS     3
#define WORLD_AREAS    2
#define WORLD_HOT_TOLD 3
struct world_hot {
    bool exists;
    int area, agency, by; /* −1 for none */
    uint64_t tasks;
    int to[WORLD_HOT_TOLD], to_count;
    int64_t raised; /* NO_TIME while it is none */
    int64_t last;   /* when it was raised last, as the rule stands; NO_TIME for never */
    int told;       /* of `to`, while it is raised: so many have been told, or are by one of those */
};

struct world {
    struct world_agency agencies[WORLD_AGENCIES];
    struct world_key keys[WORLD_KEYS];
    struct world_calendar calendars[WORLD_CALENDARS];
    struct world_policy *policies; /* all versions, in the order in which they came */
    size_t policy_count, policy_capacity;
    bool by_tree;     /* tasks are given down the tree only; else to any agency */
    int usual_policy; /* of a task that names none: a policy's name, by index; −1: none */
    struct world_hot hot[WORLD_HOTS];
};

extern const char *const world_agency_ids[WORLD_AGENCIES];
extern const char *const world_calendar_ids[WORLD_CALENDARS];
extern const char *const world_policy_ids[WORLD_POLICIES];
extern const char *const world_hot_ids[WORLD_HOTS];
extern const char *const world_areas[WORLD_AREAS];
int world_area(struct text area); /* −1 when it is none */
/* Public key number `key`, Z85. */
void world_key_text(int key, char text[41]);

void world_init(struct world *world);
void world_done(struct world *world);

/* ---- finding ---- */

int world_agency(struct text id); /* whether it exists or not */
int world_key(struct text public_key);
int world_calendar(struct text id);
int world_policy_name(struct text id);
uint32_t world_mask(struct texts ids);
int world_newest(const struct world *world, int name); /* index of a policy's newest version */

static inline uint32_t world_one(int agency)
{
    return agency < 0 ? 0 : UINT32_C(1) << agency;
}

/* ---- what holds at a time ---- */

/* Who stands for an agency: its successor, once it is gone. */
int world_standing(const struct world *world, int agency, int64_t now);
/* Who did then: also by a succession that has been changed since. */
int world_held(const struct world *world, int agency, int64_t at);
/* Since when that one stands for an agency; NO_TIME when it stands for itself. */
int64_t world_standing_since(const struct world *world, int agency, int64_t now);
uint32_t world_standing_all(const struct world *world, uint32_t mask, int64_t now);
bool world_covers(const struct world *world, int above, int below);
/* Whether a lead is the agency's to task, in a store whose tasks go down the tree. */
bool world_may_task(const struct world *world, int agency, int lead, int64_t now);
/* The key of an agency with this label; −1 for none. */
int world_labelled(const struct world *world, int agency, struct text label);
bool world_is_valid(const struct world *world, int agency, int64_t now);
/* Who stands in for an agency at a time; −1: nobody. */
int world_stand_in(const struct world *world, int agency, int64_t now);
/* 0, or why a key may not speak. */
int world_admit(const struct world *world, int key, int64_t now);
bool world_has_right(const struct world *world, int key, int right);
bool world_keeps_administrator(const struct world *world, int agency, int64_t now); /* when that agency has ended */

/* ---- learning: a record of an agency, a key, a calendar or a policy ---- */

void world_learn(struct sim *sim, const struct msg_record *record);
/* A calendar is this from a time on: it was set, or it is tried. */
void world_set_calendar(struct sim *sim, const struct msg_calendar *message, int64_t now);

/* ---- days ---- */

int64_t days_of(const struct world_calendar *calendar, int64_t at);
int64_t days_last(const struct world_calendar *calendar, int64_t due);
bool days_works(const struct world_calendar *calendar, int64_t day);
int64_t days_end(const struct world_calendar *calendar, int64_t day);
/* Of a day off, the end of the next day that is worked; NO_TIME where days have no names. */
int64_t days_end_rolled(const struct world_calendar *calendar, int64_t day);
int64_t days_opening(const struct world_calendar *calendar, int64_t day);
/* So many working minutes on from an instant, or back: false outside the days that have names. */
bool days_add_minutes(const struct world_calendar *calendar, int64_t at, int64_t minutes, int64_t *result);
int64_t days_worked_minutes(const struct world_calendar *calendar, int64_t from, int64_t until);
/* The instant itself when somebody works then, or has just stopped; else the next at which somebody does. */
bool days_next_work(const struct world_calendar *calendar, int64_t at, int64_t *result);
bool days_add(const struct world_calendar *calendar, int64_t day, int unit, int64_t count, int64_t *result);
int64_t days_between(const struct world_calendar *calendar, int64_t from, int64_t to);
/* What words of a date come to: 0 and the instant, or BAD_DATE or CALENDAR_RANGE. */
int days_due(const struct world_calendar *calendar, const char *words, int64_t now, int64_t *due);
int64_t days_shift(const struct world_calendar *calendar, int64_t due, int64_t from, int64_t until);
/* The end of a period by its number, from 1; and of the first one past a number that ends after an instant. NO_TIME where days
 * have no names. */
int64_t days_period(const struct world_calendar *calendar, int64_t begin, int period, int number);
int64_t days_period_end(const struct world_calendar *calendar, int64_t begin, int period, int64_t after, int past,
                        int *number);
/* `2024-06-28` as a day number; false when it is none. */
bool days_read(const char *text, int64_t *day);
bool days_are_named(int64_t day); /* from 2000-01-01 to 2099-12-31 */
void days_write(int64_t day, char text[11]);

#endif
