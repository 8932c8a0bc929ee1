/* What may be an id, a name or a label: one rule for agencies, calendars, policies, keys and tasks. */
#ifndef COORDD_CORE_NAMING_H
#define COORDD_CORE_NAMING_H

#include "core/state.h"

/* Ids stand in addresses, file names and shells: letters A to Z and a to z, digits, `-`, `_` and dots, the first of them a
 * letter or a digit. BAD_VALUE. */
int naming_check_id(struct text id, const char *field, struct problem *problem);
/* Whether two ids are told apart by capital letters alone: people do not, so no new one may be so near to another. */
bool naming_differs_in_case(struct text a, struct text b);
int naming_too_near(struct text id, struct text other, const char *field, struct problem *problem);
/* A name, label or reference is one line, and holds something that can be seen: BAD_VALUE. It turns no direction, so that it
 * reads as it is: BAD_TEXT. An empty one passes, which its message's bounds may refuse. */
int naming_check_name(struct text name, const char *field, struct problem *problem);
/* The same of what may be there already: said again as it stands it passes, whatever the rule was when it came. */
int naming_check_anew(struct text name, struct text stands, const char *field, struct problem *problem);
/* Of a title or a reason, which may have lines and tabs: that something of it can be seen. BAD_VALUE; an empty one passes. */
int naming_check_seen(struct text text, const char *field, struct problem *problem);
/* A reference stands in commands beside options (`-`) and numbers of tasks (`@5`), and what can be seen of two is what tells
 * them apart: it begins with neither, and no space stands before or after it. BAD_VALUE. */
int naming_check_reference(struct text reference, const char *field, struct problem *problem);
/* No two keys that an agency uses have the same label: it is by this that people tell and revoke them. LABEL_TAKEN. A key
 * that has its label already keeps it. */
int naming_check_label(const struct core *core, uint32_t agency, uint32_t key, struct text label, int64_t now_ms,
                       struct problem *problem);

#endif
