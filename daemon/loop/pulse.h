/* Signs of life to those who wait for the lead (journal_beat), for as long as a start keeps the loop's thread busy with what needs no
 * journal: nobody else may touch it meanwhile.
 */
#ifndef COORDD_LOOP_PULSE_H
#define COORDD_LOOP_PULSE_H

#include "journal/journal.h"

struct pulse;

/* NULL where nobody wants any. Without a journal they are for the service manager, which was told that all is ready while the lead was
 * waited for. */
struct pulse *pulse_begin(struct journal *journal);
/* Takes NULL. That the store was claimed by another is found out by the loop's own beat. */
void pulse_end(struct pulse *pulse);

#endif
