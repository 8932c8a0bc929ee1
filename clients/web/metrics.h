/* Figures for Prometheus. What the broker has to be asked for is asked now and then, not at each scrape, so that who scrapes
 * costs the broker nothing.
 */
#ifndef WEB_METRICS_H
#define WEB_METRICS_H

#include "web.h"

#define METRICS_EVERY_MS 60000 /* a page of the summary is 1,000 tasks: of 100,000, a hundred small requests a minute */
#define METRICS_AGAIN_MS 5000  /* after what went wrong */
#define METRICS_KEYS_MAX 64    /* of an agency, as the broker has it */

struct metrics;

struct metrics *metrics_new(struct web *web);
void metrics_free(struct metrics *metrics); /* once the brokers are gone, whose callbacks it hears */
void metrics_step(struct metrics *metrics); /* asks what is due */

#endif
