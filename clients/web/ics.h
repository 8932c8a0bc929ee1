/* Tasks as a calendar that other programs subscribe to: each a VTODO, and its last day a VEVENT for those that show no
 * VTODOs.
 */
#ifndef WEB_ICS_H
#define WEB_ICS_H

#include <jansson.h>
#include <stdint.h>

#define ICS_TASKS_MAX 5000 /* 1.2 KB each: 6 MB; who has more open looks at the pages */

/* The calendar of tasks (objects as the protocol's, times in ms) in a language, as a new text for free(); NULL when memory
 * ran out. `url` is what links begin with. */
char *ics_write(const json_t *tasks, const char *agency, const char *language, const char *url, int64_t now);

#endif
