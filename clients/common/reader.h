/* Reads a configuration file: YAML by libyaml, as Alertmanager's people write it, into structs by tables of keys. Each
 * fault is told with its line, the path of its field, and what would be right; reading goes on, so that all are told.
 */
#ifndef COMMON_READER_H
#define COMMON_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <yaml.h>

#include "buffer.h"
#include "terms.h"

struct names {
    const char **items;
    size_t count;
};

bool names_have(const struct names *names, const char *name);

#define READER_FILE_MAX   (1024 * 1024) /* bytes; a person is some 200, so 5,000 of them */
#define READER_FAULTS_MAX 100           /* told; a file that is all wrong is not told line by line */
#define READER_LIST_MAX   8192          /* items of any list: the people of 500 agencies, 16 each */

struct reader {
    const char *file;
    yaml_document_t document;
    struct arena *arena;  /* where what was read stays */
    struct buffer faults; /* "FILE:LINE: field: what is wrong and what would be right\n" each */
    unsigned count;       /* of faults, the untold too */
    bool here;            /* files and programs that are named must be there, for this user */
    char path[200];       /* of the field at hand */
};

/* Opens a file; false, and a fault, when it cannot be read or is no YAML. reader_done frees what was opened either way, and
 * puts the faults behind what is in `faults`: true when there were none. */
bool reader_open(struct reader *reader, const char *file, bool here, struct arena *arena);
bool reader_done(struct reader *reader, struct buffer *faults);
yaml_node_t *reader_root(struct reader *reader);

void reader_fault(struct reader *reader, const yaml_node_t *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Takes one value into `into`; a fault leaves it as it was. */
typedef void reader_take(struct reader *reader, yaml_node_t *node, void *into);

struct key {
    const char *name;
    reader_take *take;
    size_t offset; /* in the struct that reader_map fills in */
    bool required;
};

/* A map by its table of keys, which ends with a NULL name. A key that is unknown or comes twice is a fault. */
void reader_map(struct reader *reader, yaml_node_t *node, const struct key *keys, void *into);
/* An array of structs of this size; `*items` and `*count` are set. */
void reader_list(struct reader *reader, yaml_node_t *node, reader_take *take, size_t size, void **items, size_t *count);
/* The value of a key of a map; NULL when it has none. */
yaml_node_t *reader_get(struct reader *reader, yaml_node_t *node, const char *name);
/* Puts a key or an index behind the path while something within is read; gives what reader_leave takes. */
size_t reader_enter(struct reader *reader, const char *format, ...) __attribute__((format(printf, 2, 3)));
void reader_leave(struct reader *reader, size_t before);

/* A scalar as text in the arena; NULL, and a fault, when it is none or is empty. */
const char *reader_text(struct reader *reader, yaml_node_t *node);
/* One term by name: its number, 0 and a fault when it is none of the vocabulary. */
int reader_term(struct reader *reader, yaml_node_t *node, const struct vocabulary *vocabulary);
/* One name or a list of them, as a set of terms. */
uint32_t reader_terms(struct reader *reader, yaml_node_t *node, const struct vocabulary *vocabulary);

reader_take take_text;     /* const char * */
reader_take take_names;    /* struct names: one text, or a list */
reader_take take_flag;     /* bool: true or false */
reader_take take_count;    /* uint32_t: 1 to 1,000,000 */
reader_take take_duration; /* int64_t, ms: 500ms 30s 5m 4h 3d; 0s */
reader_take take_severity; /* int */
reader_take take_day;      /* int64_t: days since 1970, of 2024-06-28 */
reader_take take_secret;   /* const char *: of the file that is named; reader_secret.c */

bool duration_read(const char *text, int64_t *ms); /* of 30s 5m 4h 3d 1h30m, a year at most; false for others */
/* The words of a duration, for people: "30s", "1h30m". */
void duration_text(int64_t ms, char text[32]);
/* Days since 1970 of `2024-06-28`; false when it is no such day. */
bool day_number(const char *text, int64_t *day);
void day_text(int64_t day, char text[16]);

/* The name that is nearest to a mistaken one, of a list that ends with NULL: for "did you mean"; NULL when none is. */
const char *name_nearest(const char *const *names, const char *mistaken);

#endif
