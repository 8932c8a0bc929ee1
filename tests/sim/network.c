/* The network: what is on its way comes in any order, once, twice or never; on one connection, once and in order. */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "sim/sim.h"

void network_send(struct network *network, const struct packet *packet)
{
    if (network->count == NETWORK_MAX)
        return;
    struct packet *kept = &network->packets[network->count++];
    *kept = *packet;
    kept->order = ++network->sent;
    kept->frame = xmalloc(packet->size);
    memcpy(kept->frame, packet->frame, packet->size);
}

bool network_take(struct network *network, struct chance *chance, struct packet *packet)
{
    if (network->count == 0)
        return false;
    size_t at = chance_below(chance, (uint32_t)network->count);
    const uint64_t line = network->packets[at].line;
    for (size_t i = 0; line != 0 && i < network->count; i++)
        if (network->packets[i].line == line && network->packets[i].order < network->packets[at].order)
            at = i;
    *packet = network->packets[at];
    network->packets[at] = network->packets[--network->count];
    return true;
}

void network_return(struct network *network, const struct packet *packet)
{
    if (network->count < NETWORK_MAX)
        network->packets[network->count++] = *packet;
    else
        free(packet->frame);
}

void network_lose(struct network *network)
{
    for (size_t i = network->count; i > 0; i--) {
        if (network->packets[i - 1].line != 0)
            continue;
        free(network->packets[i - 1].frame);
        network->packets[i - 1] = network->packets[--network->count];
    }
}

void network_done(struct network *network)
{
    while (network->count > 0)
        free(network->packets[--network->count].frame);
}
