/* Whether what a browser missed may still be told to its agency. The broker judges what it tells at the moment, and what was told
 * once is judged anew when it is told again: so it is asked, task by task, and what it would not tell today is not told here.
 */
#ifndef WEB_JUDGING_H
#define WEB_JUDGING_H

#include <stddef.h>
#include <stdint.h>

#define JUDGING_TASKS_MAX 64 /* who missed more reads anew: that is fewer requests, too */

struct broker;
struct web;
struct judging;

enum verdict {
    VERDICT_MAY,
    VERDICT_MAY_NOT, /* one of them at least */
    VERDICT_UNKNOWN, /* it was not answered */
};
typedef void judging_callback(void *with, enum verdict verdict);

/* NULL when nothing could be asked; else `done` is called once, later, unless it was left before. */
struct judging *judging_begin(struct web *web, struct broker *broker, const uint64_t *tasks, size_t count,
                              judging_callback *done, void *with);
void judging_leave(struct judging *judging); /* NULL: nothing */

#endif
