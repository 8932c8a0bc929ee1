/* What a hostile peer sends: bare TCP, ZMTP that is malformed, and frames of a key that is known. */
#ifndef COORDD_FAULT_HOSTILE_RAW_H
#define COORDD_FAULT_HOSTILE_RAW_H

#include "fault/fault.h"

int raw_connect(const struct served *served); /* a descriptor, or -1 */
void raw_greet(int descriptor);               /* as a CURVE client does */
/* Of four sorts: silence, a greeting and no more, a claim of 1 GiB before the handshake, noise. */
void raw_abuse(int descriptor, int sort);
/* Six frames that unpack to more than they are, from a key that is known: each must be refused by name. */
void raw_bomb(const struct served *served, const struct member *member);
/* A connection of a known key goes through us; once it has its first reply, we put a frame's header into it that claims
 * 1 GiB, and the broker must cut it. false when it was cut before. */
bool raw_claim_inside(const struct served *served, const struct member *member);

#endif
