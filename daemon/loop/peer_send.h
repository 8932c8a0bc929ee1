/* How a peer is sent something: for the files that make up peer.h. */
#ifndef COORDD_LOOP_PEER_SEND_H
#define COORDD_LOOP_PEER_SEND_H

#include "loop/peer.h"

/* What a transport's send came to: a peer that takes no more is tried again later, one that is not there is dropped. */
int peers_sent(struct peers *peers, struct peer *peer, int result);
/* So many of its requests have their answers. */
void peer_answered(struct peer *peer, uint32_t answered);
/* Keeps an answer that the connection does not take; or cuts it, because it has left too much unread. */
void peers_park(struct peers *peers, struct peer *peer, const void *bytes, size_t size, uint32_t answered);
/* What is kept for it by now leaves in no bundle. */
void peer_leave_alone(struct peer *peer);

#endif
