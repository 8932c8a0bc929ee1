/* Where the journal is, as coordd.conf says: what journal_open is given. */
#ifndef COORDD_WHERE_H
#define COORDD_WHERE_H

#include "config.h"
#include "journal/journal.h"

/* Fills in what says where: the keeper, and what that needs. Valid until the next call, and as long as the configuration is. A setting
 * that cannot be used is the problem, which is the configuration's. */
int where_options(const struct config *config, struct journal_options *options, struct problem *problem);
/* The same questions, and nothing is kept of the answers: of a configuration that is read while a broker serves. */
int where_check(const struct config *config, struct problem *problem);
/* For people. */
const char *where_text(const struct config *config, char text[4200]);
bool where_is_postgresql(const struct config *config);
bool where_waits(const struct config *config);   /* while another broker leads the store… */
bool where_follows(const struct config *config); /* …and reads what that one writes */
/* Where clients find this broker; "" when the configuration does not say. */
const char *where_endpoint(const struct config *config);
/* What is wrong with that of a broker that follows, in a sentence: others could not say where it is when it leads. NULL for nothing. */
const char *where_unnamed(const struct config *config);

#endif
