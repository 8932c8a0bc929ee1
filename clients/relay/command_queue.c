/* coord-relay queue, dead: what is in the stored queue, looked at and put back beside the relay. */
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

/* ---- what it holds ---- */

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

static void say_delivery(void *user, const struct delivery *delivery)
{
    struct listing *listing = user;
    char opened[32], due[32];
    line_say_time(&listing->days, delivery->opened, opened);
    line_say_time(&listing->days, delivery->due, due);
    printf("%lld  %s  %s%s%s", (long long)delivery->id, opened, delivery->receiver, delivery->person[0] ? " to " : "",
           delivery->person);
    if (delivery->state != DELIVERY_DEAD)
        printf("  %s until %s%s", delivery_state_name(delivery->state), due, delivery->digest ? ", a digest" : "");
    if (delivery->error[0])
        printf("  attempts %u  %s", delivery->attempts, delivery->error);
    printf("\n");
    store_contents(listing->store, delivery->id, say_content, listing);
}

static int list_states(const struct line *line, const enum delivery_state *states, size_t count)
{
    struct listing listing = {.store = line_queue(line, true), .line = line};
    if (!listing.store)
        return EXIT_NOT_FOUND;
    working_days_kept(&listing.days, listing.store);
    for (size_t i = 0; i < count; i++)
        store_list(listing.store, states[i], say_delivery, &listing);
    working_days_done(&listing.days);
    store_close(listing.store);
    return EXIT_DONE;
}

int command_queue_list(const struct line *line)
{
    return list_states(line, (const enum delivery_state[]){DELIVERY_SENDING, DELIVERY_WAITING}, 2);
}

/* ---- dead ---- */

int command_dead_list(const struct line *line)
{
    return list_states(line, (const enum delivery_state[]){DELIVERY_DEAD}, 1);
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
