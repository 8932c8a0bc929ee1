/* The keepers of journals: one row, and one file that defines `keeper_NAME` (keeper.h), each.
 *   K(CONSTANT, name, "sentence")
 */
#ifndef COORDD_JOURNAL_KEEPERS_DEF_H
#define COORDD_JOURNAL_KEEPERS_DEF_H

#define JOURNAL_KEEPERS(K)                                                                                             \
    K(SQLITE, sqlite, "A file of SQLite's, on one machine; the default.")                                              \
    K(MEMORY, memory, "The process's memory, for tests: it can stop at any point.")                                     \
    K(POSTGRES, postgres, "A PostgreSQL, which may be another machine's.")

#endif
