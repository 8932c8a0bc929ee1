/* What stands at the head of the leader's page besides numbers: the tasks that burn, and how much of each document is done. */
#ifndef WEB_OVERVIEW_HEADS_H
#define WEB_OVERVIEW_HEADS_H

#include "overview_rows.h"

#define OVERVIEW_HOT             8
#define OVERVIEW_DOCUMENTS_SHOWN 12

/* New arrays: the worst first. */
json_t *overview_hot_json(const struct overview_rows *rows);
json_t *overview_documents_json(const struct overview_rows *rows, int64_t now);

#endif
