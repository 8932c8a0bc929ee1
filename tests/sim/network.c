/* The network: what is on its way comes in any order, once, twice or never. */
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
    kept->frame = xmalloc(packet->size);
    memcpy(kept->frame, packet->frame, packet->size);
}

bool network_take(struct network *network, struct chance *chance, struct packet *packet)
{
    if (network->count == 0)
        return false;
    const size_t at = chance_below(chance, (uint32_t)network->count);
    *packet = network->packets[at];
    network->packets[at] = network->packets[--network->count];
    return true;
}

void network_done(struct network *network)
{
    while (network->count > 0)
        free(network->packets[--network->count].frame);
}
