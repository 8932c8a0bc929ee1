#include "plan.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "occasion.h"

#define STAND_INS_MAX 8 /* as config_people.c allows */

/* ---- the tree ---- */

struct walk {
    const struct planning *planning;
    const struct notification *notification;
    const struct route *found[CONFIG_ROUTES_MAX];
    size_t count;
};

/* As in Alertmanager: the first child that matches takes it, and further ones where that says `continue`; the route
 * itself where no child does. */
static void descend(struct walk *walk, const struct route *route)
{
    bool taken = false;
    for (size_t i = 0; i < route->count; i++) {
        const struct route *child = &route->routes[i];
        const char *why_not = matcher_why_not(&child->match, walk->notification);
        if (walk->planning->asked)
            walk->planning->asked(walk->planning->user, child, why_not);
        if (why_not)
            continue;
        taken = true;
        descend(walk, child);
        if (!child->goes_on)
            break;
    }
    if (!taken && walk->count < CONFIG_ROUTES_MAX)
        walk->found[walk->count++] = route;
}

/* ---- groups ---- */

static void put_text(char *group, const char *name, const char *value)
{
    const size_t used = strlen(group);
    snprintf(group + used, PLAN_GROUP_MAX - used, "%s%s=%.64s", used ? " " : "", name, value);
}

static void put_number(char *group, const char *name, uint64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
    put_text(group, name, digits);
}

static void put_group(const struct route *route, const struct notification *notification, char group[PLAN_GROUP_MAX])
{
    group[0] = '\0';
#define G(constant, name, how, value)                                                                                  \
    if (route->group_by >> ROUTE_BY_##constant & 1)                                                                    \
        put_##how(group, #name, value);
    ROUTE_GROUPS(G)
#undef G
    if (!group[0])
        snprintf(group, PLAN_GROUP_MAX, "all");
}

/* ---- people ---- */

static const struct person *who_is_there(const struct config *config, const struct person *person, int64_t day)
{
    for (int hops = 0; hops < STAND_INS_MAX; hops++) {
        const struct away *away = NULL;
        for (size_t i = 0; i < person->away_count && !away; i++)
            if (person->away[i].from <= day && day <= person->away[i].until)
                away = &person->away[i];
        if (!away)
            return person;
        person = config_person(config, away->stand_in);
    }
    return person;
}

/* What a receiver reaches a person by. */
static bool reaches(const struct receiver *receiver, const struct person *person)
{
    return receiver->kind != RECEIVER_MAIL || person->mail;
}

/* ---- when ---- */

static const struct wishes *wishes_of(const struct receiver *receiver, const struct person *person)
{
    return person ? &person->wishes : &receiver->wishes;
}

int64_t plan_not_before(const struct receiver *receiver, const struct person *person, bool urgent,
                        const struct working_days *days, int64_t when)
{
    return urgent ? when : hours_next(&wishes_of(receiver, person)->hours, days, when);
}

static bool comes_daily(const struct receiver *receiver, const struct person *person, bool urgent)
{
    return !urgent && wishes_of(receiver, person)->digest.which == DIGEST_DAILY;
}

/* When the reader is told of what would go out then, and came now. */
static int64_t told_at(const struct planning *planning, const struct receiver *receiver, const struct person *person,
                       bool urgent, int64_t when)
{
    if (comes_daily(receiver, person, urgent))
        return digest_next(&wishes_of(receiver, person)->digest, planning->days, planning->now);
    return plan_not_before(receiver, person, urgent, planning->days, when);
}

static void set_due(struct planning *planning, struct plan *plan)
{
    const int64_t flushed = planning->flushed ? planning->flushed(planning->user, plan) : 0;
    plan->due = planning->now + plan->route->wait;
    if (flushed && plan->due < flushed + plan->route->interval)
        plan->due = flushed + plan->route->interval;
    const int64_t told = told_at(planning, plan->receiver, plan->person, plan->urgent, plan->due);
    const bool waited = told != plan->due && wishes_of(plan->receiver, plan->person)->digest.which == DIGEST_QUIET;
    plan->digest = waited || comes_daily(plan->receiver, plan->person, plan->urgent);
    plan->due = told;
    if (plan->digest)
        snprintf(plan->group, sizeof plan->group, PLAN_DIGEST);
}

static void add(struct planning *planning, const struct route *route, const struct person *person,
                const struct person *instead_of, const struct notification *notification)
{
    for (size_t i = 0; i < planning->count; i++)
        if (planning->plans[i].receiver == route->receiver && planning->plans[i].person == person)
            return;
    if (planning->count == PLAN_MAX)
        return;
    struct plan *plan = &planning->plans[planning->count++];
    *plan = (struct plan){.route = route, .receiver = route->receiver, .person = person, .instead_of = instead_of};
    plan->urgent = notification->severity >= wishes_of(route->receiver, person)->urgent;
    put_group(route, notification, plan->group);
    set_due(planning, plan);
}

static void add_people(struct planning *planning, const struct route *route, const struct notification *notification)
{
    const struct config *config = planning->config;
    bool found = false;
    for (size_t i = 0; i < config->people_count; i++) {
        const struct person *person = &config->people[i];
        if (!names_have(&person->agencies, notification->agency))
            continue;
        const bool urgent = notification->severity >= person->wishes.urgent;
        const int64_t then = told_at(planning, route->receiver, person, urgent, planning->now + route->wait);
        const struct person *there = who_is_there(config, person, hours_day(planning->days, then));
        if (!reaches(route->receiver, there))
            continue;
        found = true;
        add(planning, route, there, there == person ? NULL : person, notification);
    }
    /* An agency without people in the book is not left out, where the receiver knows somebody. */
    if (!found && route->receiver->to.count)
        add(planning, route, NULL, NULL, notification);
}

void plan_notification(struct planning *planning, const struct notification *notification)
{
    struct walk walk = {.planning = planning, .notification = notification, .count = 0};
    planning->count = 0;
    descend(&walk, &planning->config->route);
    for (size_t i = 0; i < walk.count; i++) {
        if (walk.found[i]->receiver->each_person)
            add_people(planning, walk.found[i], notification);
        else
            add(planning, walk.found[i], NULL, NULL, notification);
    }
}

/* ---- again ---- */

int64_t plan_backoff(const struct config *config, uint64_t seed, const char *key, unsigned failures)
{
    unsigned char hash[crypto_shorthash_BYTES], secret[crypto_shorthash_KEYBYTES] = {0};
    uint64_t chance;
    int64_t pause = config->retry_first;
    for (unsigned i = 1; i < failures && pause < config->retry_max; i++)
        pause *= 2;
    if (pause > config->retry_max)
        pause = config->retry_max;
    memcpy(secret, &seed, sizeof seed);
    memcpy(secret + sizeof seed, &failures, sizeof failures);
    crypto_shorthash(hash, (const unsigned char *)key, strlen(key), secret);
    memcpy(&chance, hash, sizeof chance);
    return pause - (int64_t)(chance % (uint64_t)(pause / 4 + 1)); /* three quarters of it, to the whole */
}

int plan_inhibited(const struct config *config, const struct notification *source, int64_t source_age,
                   const struct notification *target)
{
    if (source->task == 0 || source->task != target->task || source->seq == target->seq)
        return -1;
    /* That an opinion did not come is told as `overdue`, and has nothing to do with how late the task is. */
    if (occasion_of(target) == OCCASION_UNANSWERED && occasion_of(source) != OCCASION_UNANSWERED)
        return -1;
    for (size_t i = 0; i < config->inhibition_count; i++) {
        const struct inhibition *rule = &config->inhibitions[i];
        if (source_age < rule->lasts && (rule->any_agency || strcmp(source->agency, target->agency) == 0) &&
            matcher_holds(&rule->source, source) && matcher_holds(&rule->target, target) &&
            /* What would keep itself back is kept back by nothing. */
            !matcher_holds(&rule->target, source))
            return (int)i;
    }
    return -1;
}
