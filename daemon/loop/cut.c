/* See cut.h. */
#include "loop/cut.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "loop/state.h"

uint64_t cut_inode(int descriptor)
{
    struct stat status;
    return descriptor >= 0 && fstat(descriptor, &status) == 0 && S_ISSOCK(status.st_mode) ? (uint64_t)status.st_ino : 0;
}

void cuts_key(struct broker *broker, struct text public_key)
{
    struct cuts *cuts = &broker->cuts;
    const struct peer_key *key = peers_key(&broker->server.peers, public_key);
    unsigned connections = 0;
    if (!key)
        return;
    for (struct peer *peer = key->peers; peer; peer = peer->key_next) {
        if (peer->gone)
            continue;
        cuts->items = xgrow(cuts->items, cuts->count, &cuts->capacity, sizeof *cuts->items);
        cuts->items[cuts->count++] = (struct cut){peer->descriptor, peer->inode,
                                                  broker->second_count + CUT_GRACE_SECONDS};
        connections++;
    }
    char count[16];
    snprintf(count, sizeof count, "%u", connections);
    log_write(LOG_LEVEL_WARNING, LOG_KEY_CUT, LOG_FIELDS("key", key->text, "connections", count),
              "a key was revoked: its connections are cut");
}

void cuts_run(struct cuts *cuts, uint64_t second)
{
    size_t due = 0;
    for (; due < cuts->count && cuts->items[due].second <= second; due++) {
        const struct cut *cut = &cuts->items[due];
        if (cut->inode != 0 && cut_inode(cut->descriptor) == cut->inode)
            shutdown(cut->descriptor, SHUT_RDWR);
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
