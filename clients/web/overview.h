/* The leader's page of each context: see overview.c. */
#ifndef WEB_OVERVIEW_H
#define WEB_OVERVIEW_H

struct web;

/* Adds up the page of a context that has none yet, before somebody asks for it; one at a time. */
void overviews_step(struct web *web);
/* After the brokers are: they answer what waits. */
void overviews_free(struct web *web);

#endif
