/* What the files of the link need of each other, and nobody else uses. */
#ifndef LIBCOORD_LINK_PARTS_H
#define LIBCOORD_LINK_PARTS_H

#include "link.h"

/* The next of its endpoints is tried. */
void link_turn(struct link *link);
/* How long the one that is tried is waited for. */
int link_patience_ms(const struct link *link);
/* What stands in the way at all of them, by name, in `problem`. */
void link_tell(struct link *link);
/* The connection is gone, and why. */
void link_ended(struct link *link, const char *why);
/* What was not taken of the last bundle goes. */
void link_forget_bundle(struct link *link);

#endif
