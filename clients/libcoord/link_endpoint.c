/* Which of several endpoints the connection is to, and for how long one is given a chance. */
#include <stdio.h>
#include <string.h>

#include "link.h"
#include "link_parts.h"

/* After that long without being sent on, the endpoints may be asked in turn without a pause again. */
#define LINK_MOVES_FORGOTTEN_MS 10000

/* Of several endpoints, how long one is given at least: for a name to be looked up, and for a broker that many join at once. */
#define LINK_PART_MS 1000

void link_turn(struct link *link)
{
    link->at = (link->at + 1) % link->endpoints.count;
}

/* A machine that is switched off says nothing: of several, each has a part of the time, and all of it only when none answers. */
int link_patience_ms(const struct link *link)
{
    const int whole_ms = link->options->connect_ms, part_ms = whole_ms / link->endpoints.count;
    int64_t patience_ms = part_ms > LINK_PART_MS || part_ms == whole_ms ? part_ms : LINK_PART_MS;
    for (int i = 0; i < link->rounds && patience_ms < whole_ms; i++)
        patience_ms *= 2;
    return patience_ms < whole_ms ? (int)patience_ms : whole_ms;
}

void link_tell(struct link *link)
{
    char words[sizeof link->problem.message] = "";
    size_t size = 0;
    bool same = true;
    for (int i = 0; i < link->endpoints.count; i++) {
        same = same && strcmp(link->why[i], link->why[link->at]) == 0;
        if (link->why[i][0] && size < sizeof words)
            size += (size_t)snprintf(words + size, sizeof words - size, "%s%s: %s", size ? "; " : "",
                                     link->endpoints.items[i], link->why[i]);
    }
    if (same)
        problem_set(&link->problem, COORD_E_TIMED_OUT, "", "%s: %s.", link->context->endpoint, link->why[link->at]);
    else
        problem_set(&link->problem, COORD_E_TIMED_OUT, "", "%s.", words);
}

int link_place(const struct link *link, const char *endpoint)
{
    for (int i = 0; i < link->endpoints.count; i++)
        if (strcmp(link->endpoints.items[i], endpoint) == 0)
            return i;
    return -1;
}

/* Brokers may name each other while the lead goes over, or someone who is gone. */
static int link_move_pause_ms(const struct link *link)
{
    int64_t pause_ms = link->options->reconnect_ms;
    for (int i = link->endpoints.count + 1; i < link->moves && pause_ms < link->options->reconnect_max_ms; i++)
        pause_ms *= 2;
    return pause_ms < link->options->reconnect_max_ms ? (int)pause_ms : link->options->reconnect_max_ms;
}

void link_move(struct link *link, int place, int64_t now_ms)
{
    if (!link_usable(link))
        return;
    if (now_ms - link->moved_ms > LINK_MOVES_FORGOTTEN_MS)
        link->moves = 0;
    link->moves++;
    link->moved_ms = now_ms;
    /* Whoever is named may be gone, which whoever names it has not heard: then the third is to be asked too. */
    const bool in_turn = place < 0 || (link->moves > link->endpoints.count && link->moves % 2 == 1);
    const int next = in_turn ? (link->at + 1) % link->endpoints.count : place;
    link_ended(link, "it follows another that leads");
    link->at = next;
    link->rests = link->moves > link->endpoints.count;
    link->move_pause_ms = link->rests ? link_move_pause_ms(link) : 0;
}

void link_settle(struct link *link)
{
    link->moves = 0;
}
