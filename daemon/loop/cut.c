/* See cut.h. */
#include "loop/cut.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xalloc.h"

void cuts_peer(struct cuts *cuts, const struct peer *peer, uint64_t second)
{
    cuts->items = xgrow(cuts->items, cuts->count, &cuts->capacity, sizeof *cuts->items);
    cuts->items[cuts->count++] = (struct cut){peer->number, second + CUT_GRACE_SECONDS};
}

void cuts_key(struct cuts *cuts, const struct peers *peers, struct text public_key, uint64_t second)
{
    const struct peer_key *key = peers_key(peers, public_key);
    unsigned connections = 0;
    if (!key)
        return;
    for (const struct peer *peer = key->peers; peer; peer = peer->key_next) {
        if (peer->gone)
            continue;
        cuts_peer(cuts, peer, second);
        connections++;
    }
    char count[16];
    snprintf(count, sizeof count, "%u", connections);
    log_write(LOG_LEVEL_WARNING, LOG_KEY_CUT, LOG_FIELDS("key", key->text, "connections", count),
              "a key was revoked: its connections are cut");
}

void cuts_run(struct cuts *cuts, struct peers *peers, uint64_t second)
{
    size_t due = 0;
    for (; due < cuts->count && cuts->items[due].second <= second; due++) {
        struct peer *peer = peers_find(peers, cuts->items[due].peer);
        if (peer)
            peer->transport->close(peer);
    }
    if (due == 0)
        return;
    cuts->count -= due;
    memmove(cuts->items, cuts->items + due, cuts->count * sizeof *cuts->items);
}

void cuts_done(struct cuts *cuts)
{
    free(cuts->items);
}
