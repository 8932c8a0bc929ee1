/* The rows of a small world, each of which can be decoded, changed and put back, for tests of what a damaged store gives. */
#ifndef COORDD_TESTS_UNIT_CORE_STORE_H
#define COORDD_TESTS_UNIT_CORE_STORE_H

#include "core/row.h"
#include "unit/core/world.h"

#define STORE_ROWS_MAX 64

struct store {
    struct world *world;
    struct journal_row rows[STORE_ROWS_MAX];
    size_t count;
    struct decoder *decoder; /* holds the last row that was read */
};

/* One task of every sort of row: with roles, a ladder that has fired, escalations open and acknowledged, a consumer. */
struct store *store_new(void);
void store_free(struct store *store);

/* The first row of a kind, which must be there. */
struct journal_row *store_row(struct store *store, enum row_kind kind);
void store_read(struct store *store, const struct journal_row *row, const struct message *message, void *out);
/* A row under another number. */
struct journal_row store_numbered(const struct journal_row *row, uint64_t number);

/* A core from all rows, with one more beside them, or with a message in the place of one of them: 0 or its error. */
int store_restore(const struct store *store);
int store_restore_beside(struct store *store, struct journal_row row);
int store_restore_changed(struct store *store, struct journal_row *row, const struct message *message, const void *in);

#endif
