/* The leader's page of each context: see overview.c. */
#ifndef WEB_OVERVIEW_H
#define WEB_OVERVIEW_H

struct web;

/* Goes on where a walk was put off, and adds up the page of a context that has none yet, before somebody asks for it; one at a time. */
void overviews_step(struct web *web);
int overviews_wait_ms(const struct web *web, int most); /* how long one may wait before the next step */
/* After the brokers are: they answer what waits. */
void overviews_free(struct web *web);

#endif
