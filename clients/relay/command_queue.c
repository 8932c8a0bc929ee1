/* coord-relay queue, dead, silence: what is in the stored queue, looked at and changed beside the relay. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "commands.h"
#include "relay.h"

/* ---- queue ---- */

int command_queue(const struct line *line)
{
    int64_t counts[DELIVERY_STATE_COUNT];
    struct store *store = line_queue(line, true);
    if (!store)
        return EXIT_NOT_FOUND;
    store_count(store, counts);
    for (int i = 0; i < DELIVERY_STATE_COUNT; i++)
        printf("%-8s %lld\n", delivery_state_name((enum delivery_state)i), (long long)counts[i]);
    store_close(store);
    return EXIT_DONE;
}

/* ---- dead ---- */

struct listing {
    struct store *store;
    struct working_days days;
    const struct line *line;
    unsigned replayed;
};

static const char *say_content(void *user, int64_t id, const struct notification *notification, bool ended,
                               const char *left_out)
{
    (void)user, (void)id, (void)ended;
    if (!left_out && notification->seq)
        printf("        %llu %s %s %s\n", (unsigned long long)notification->seq,
               term_name(&vocabulary_notice, notification->notice), notification->agency, notification->reference);
    return NULL;
}

static void say_dead(void *user, const struct delivery *delivery)
{
    struct listing *listing = user;
    char when[32];
    line_say_time(&listing->days, delivery->opened, when);
    printf("%lld  %s  %s%s%s  attempts %u  %s\n", (long long)delivery->id, when, delivery->receiver,
           delivery->person[0] ? " to " : "", delivery->person, delivery->attempts, delivery->error);
    store_contents(listing->store, delivery->id, say_content, listing);
}

int command_dead_list(const struct line *line)
{
    struct listing listing = {.store = line_queue(line, true), .line = line};
    if (!listing.store)
        return EXIT_NOT_FOUND;
    working_days_kept(&listing.days, listing.store);
    store_list(listing.store, DELIVERY_DEAD, say_dead, &listing);
    working_days_done(&listing.days);
    store_close(listing.store);
    return EXIT_DONE;
}

static void replay_one(void *user, const struct delivery *delivery)
{
    struct listing *listing = user;
    listing->replayed += store_replay(listing->store, delivery->id, clock_now_ms());
}

int command_dead_replay(const struct line *line)
{
    int code = EXIT_DONE;
    if ((line->operand_count == 0) == (line->options[OPTION_all] == NULL))
        return line_fail(EXIT_USAGE, "dead replay takes numbers, as dead list shows them, or --all");
    struct listing listing = {.store = line_queue(line, true), .line = line};
    if (!listing.store)
        return EXIT_NOT_FOUND;
    store_begin(listing.store);
    if (line->options[OPTION_all])
        store_list(listing.store, DELIVERY_DEAD, replay_one, &listing);
    for (int i = 0; i < line->operand_count; i++) {
        char *end;
        const long long id = strtoll(line->operands[i], &end, 10);
        if (*end || !store_replay(listing.store, id, clock_now_ms()))
            code = line_fail(EXIT_NOT_FOUND, "`%s` is no dead delivery", line->operands[i]);
        else
            listing.replayed++;
    }
    store_commit(listing.store);
    store_close(listing.store);
    printf("%u put back\n", listing.replayed);
    return code;
}

/* ---- silence ---- */

static bool add_terms(json_t *matcher, const struct line *line, enum relay_option option, const char *name,
                      const struct vocabulary *vocabulary)
{
    json_t *list = line_list(line->options[option]);
    for (size_t i = 0; vocabulary && i < json_array_size(list); i++) {
        const char *term = json_string_value(json_array_get(list, i));
        if (!term_number(vocabulary, term, (uint32_t)strlen(term))) {
            line_fail(EXIT_USAGE, "--%s: `%s` is no %s", name, term, vocabulary->name);
            json_decref(list);
            return false;
        }
    }
    if (json_array_size(list))
        json_object_set(matcher, name, list);
    json_decref(list);
    return true;
}

static int add_silence(const struct line *line, struct store *store, json_t *matcher)
{
    struct working_days days;
    int64_t until;
    if (!add_terms(matcher, line, OPTION_agency, "agency", NULL) ||
        !add_terms(matcher, line, OPTION_subtree, "subtree", NULL) ||
        !add_terms(matcher, line, OPTION_notice, "notice", &vocabulary_notice) ||
        !add_terms(matcher, line, OPTION_severity, "severity", &vocabulary_severity) ||
        !add_terms(matcher, line, OPTION_kind, "kind", &vocabulary_kind) ||
        !add_terms(matcher, line, OPTION_area, "area", NULL) || !add_terms(matcher, line, OPTION_tag, "tag", NULL))
        return EXIT_USAGE;
    if (json_object_size(matcher) == 0)
        return line_fail(EXIT_USAGE,
                         "a silence says of what: --agency, --subtree, --notice, --severity, --kind, --area, --tag");
    working_days_kept(&days, store);
    const bool right = line_time(line->options[OPTION_until], &days, &until);
    working_days_done(&days);
    if (!right || until <= clock_now_ms())
        return line_fail(EXIT_USAGE, "--until: `%s` would be a time to come, such as 2024-06-28T16:30",
                         line->options[OPTION_until]);
    printf("silence %lld\n", (long long)silence_add(store, matcher, line->options[OPTION_owner],
                                                    line->options[OPTION_reason], clock_now_ms(), until));
    return EXIT_DONE;
}

int command_silence_add(const struct line *line)
{
    if (!line->options[OPTION_owner] || !line->options[OPTION_reason] || !line->options[OPTION_until])
        return line_fail(EXIT_USAGE, "a silence has an --owner, a --reason and an end, --until");
    struct store *store = line_queue(line, true);
    if (!store)
        return EXIT_NOT_FOUND;
    json_t *matcher = json_object();
    const int code = add_silence(line, store, matcher);
    json_decref(matcher);
    store_close(store);
    return code;
}

int command_silence_list(const struct line *line)
{
    static struct silences silences;
    struct working_days days;
    char begins[32], ends[32];
    struct store *store = line_queue(line, true);
    if (!store)
        return EXIT_NOT_FOUND;
    working_days_kept(&days, store);
    silences_load(&silences, store, clock_now_ms());
    for (size_t i = 0; i < silences.count; i++) {
        const struct silence *silence = &silences.items[i];
        line_say_time(&days, silence->begins, begins);
        line_say_time(&days, silence->ends, ends);
        printf("%lld  %s to %s  %s: %s  %s\n", (long long)silence->id, begins, ends, silence->owner, silence->reason,
               silence->matcher);
    }
    silences_done(&silences);
    working_days_done(&days);
    store_close(store);
    return EXIT_DONE;
}

int command_silence_end(const struct line *line)
{
    if (line->operand_count != 1)
        return line_fail(EXIT_USAGE, "silence end takes one number, as silence list shows it");
    struct store *store = line_queue(line, true);
    if (!store)
        return EXIT_NOT_FOUND;
    const bool ended = silence_end(store, strtoll(line->operands[0], NULL, 10), clock_now_ms());
    store_close(store);
    return ended ? EXIT_DONE : line_fail(EXIT_NOT_FOUND, "`%s` is no silence that lasts", line->operands[0]);
}
