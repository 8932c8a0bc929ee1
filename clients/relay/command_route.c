/* coord-relay route: the tree asked about a notification that is made up. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "commands.h"
#include "relay.h"
#include "words.h"

/* A term that was named; false, and told, when it is none. */
static bool set_term(json_t *object, const struct line *line, enum relay_option option,
                     const struct vocabulary *vocabulary, const char *absent)
{
    const char *name = line->options[option] ? line->options[option] : absent;
    if (!name)
        return true;
    if (!term_number(vocabulary, name, (uint32_t)strlen(name))) {
        const struct term *nearest = term_nearest(vocabulary, name, (uint32_t)strlen(name));
        line_fail(EXIT_USAGE, "--%s: `%s` is no %s%s%s%s", vocabulary->name, name, vocabulary->name,
                  nearest ? "; did you mean `" : "", nearest ? nearest->name : "", nearest ? "`?" : "");
        return false;
    }
    json_object_set_new(object, vocabulary->name, json_string(name));
    return true;
}

/* How loudly the broker tells of it. */
static const char *usual_severity(const char *notice)
{
    const int number = term_number(&vocabulary_notice, notice, (uint32_t)strlen(notice));
    return term_name(&vocabulary_severity, words_severity(number));
}

static json_t *made_up(const struct line *line, int *code)
{
    json_t *object = json_object();
    const char *notice = line->options[OPTION_notice], *agency = line->options[OPTION_agency];
    *code = EXIT_USAGE;
    if (!notice || !agency) {
        line_fail(EXIT_USAGE, "route needs --notice and --agency");
    } else if (set_term(object, line, OPTION_notice, &vocabulary_notice, NULL) &&
               set_term(object, line, OPTION_severity, &vocabulary_severity, usual_severity(notice)) &&
               set_term(object, line, OPTION_kind, &vocabulary_kind, "directive")) {
        json_object_set_new(object, "agency", json_string(agency));
        json_object_set_new(object, "seq", json_integer(1));
        json_object_set_new(object, "task",
                            json_integer(atoll(line->options[OPTION_task] ? line->options[OPTION_task] : "1")));
        if (line->options[OPTION_area])
            json_object_set_new(object, "area", json_string(line->options[OPTION_area]));
        json_object_set_new(object, "tags", line_list(line->options[OPTION_tag]));
        json_object_set_new(object, "above", line_list(line->options[OPTION_under]));
        *code = EXIT_DONE;
        return object;
    }
    json_decref(object);
    return NULL;
}

/* ---- what is said ---- */

static void say_asked(void *user, const struct route *route, const char *why_not)
{
    (void)user;
    printf("%s (line %d): %s%s\n", route->name, route->line, why_not ? "no, " : "matches", why_not ? why_not : "");
}

static void say_plan(const struct planning *planning, const struct plan *plan)
{
    char when[32], wait[32];
    line_say_time(planning->days, plan->due, when);
    duration_text(plan->route->wait, wait);
    printf("-> %s", plan->receiver->name);
    if (plan->person)
        printf(", to %s (%s)", plan->person->name, plan->person->id);
    if (plan->instead_of)
        printf(", who stands in for %s", plan->instead_of->name);
    printf(", at %s: by %s (line %d), ", when, plan->route->name, plan->route->line);
    if (plan->digest && (plan->person ? &plan->person->wishes : &plan->receiver->wishes)->digest.which == DIGEST_DAILY)
        printf("in the digest that the reader gets each working day\n");
    else if (plan->digest)
        printf("outside of the reader's hours, so in one digest at the next opening\n");
    else
        printf("%sgrouped by %s, %s after the first of them\n", plan->urgent ? "urgent, at any hour; " : "",
               plan->group, wait);
}

struct keeping {
    const struct config *config;
    const struct notification *target;
    int64_t now;
};

static bool say_source(void *user, const struct notification *source, int64_t taken)
{
    const struct keeping *keeping = user;
    const int rule = plan_inhibited(keeping->config, source, keeping->now - taken, keeping->target);
    if (rule >= 0)
        printf("held back by inhibit[%d], while notification %llu (%s) is open\n", rule,
               (unsigned long long)source->seq, term_name(&vocabulary_notice, source->notice));
    return rule >= 0;
}

/* What the queue knows that would keep it back when it goes out. */
static void say_kept_back(const struct planning *planning, struct store *store, const struct notification *notification)
{
    static struct silences silences;
    struct keeping keeping = {planning->config, notification, planning->now};
    silences_load(&silences, store, planning->now);
    const struct silence *silence = silences_find(&silences, notification, planning->now);
    if (silence)
        printf("held back by silence %lld of %s: %s\n", (long long)silence->id, silence->owner, silence->reason);
    silences_done(&silences);
    store_sources(store, notification->task, say_source, &keeping);
}

static void say_all(struct planning *planning, json_t *object, struct store *store)
{
    struct notification notification;
    const struct config *config = planning->config;
    if (store && json_array_size(json_object_get(object, "above")) == 0)
        json_object_set_new(object, "above", store_above(store, json_string_value(json_object_get(object, "agency"))));
    notification_view(&notification, object);
    printf("%s (line %d): takes all\n", config->route.name, config->route.line);
    plan_notification(planning, &notification);
    for (size_t i = 0; i < planning->count; i++)
        say_plan(planning, &planning->plans[i]);
    if (planning->count == 0)
        printf("-> nobody: %s has nobody in the address book whom the receiver reaches, and it has no `to`\n",
               notification.agency);
    if (store)
        say_kept_back(planning, store, &notification);
}

int command_route(const struct line *line)
{
    struct working_days days;
    int code;
    struct config *config = line_config(line);
    if (!config)
        return EXIT_USAGE;
    json_t *object = made_up(line, &code);
    struct store *store = object ? line_queue(line, line->options[OPTION_dir] != NULL) : NULL;
    if (object && !store && line->options[OPTION_dir])
        code = EXIT_NOT_FOUND;
    if (store)
        working_days_kept(&days, store);
    else
        working_days_plain(&days);
    static struct planning planning; /* too large for a stack to be given without thought */
    planning = (struct planning){.config = config, .days = &days, .now = clock_now_ms(), .asked = say_asked};
    if (!code && line->options[OPTION_at] && !line_time(line->options[OPTION_at], &days, &planning.now))
        code = line_fail(EXIT_USAGE, "--at: `%s` would be a time such as 2024-06-28T16:30", line->options[OPTION_at]);
    if (!code)
        say_all(&planning, object, store);
    json_decref(object);
    working_days_done(&days);
    store_close(store);
    config_free(config);
    return code;
}
