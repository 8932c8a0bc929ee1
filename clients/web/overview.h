/* The leader's page of each context: see overview.c. */
#ifndef WEB_OVERVIEW_H
#define WEB_OVERVIEW_H

struct web;

/* After the brokers are: they answer what waits. */
void overviews_free(struct web *web);

#endif
