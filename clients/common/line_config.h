/* The configuration that a line names: read, its faults told, and checked. Each program has a struct config of its own. */
#ifndef COMMON_LINE_CONFIG_H
#define COMMON_LINE_CONFIG_H

#include "buffer.h"
#include "line.h"

struct config;

/* How a program reads its configuration. */
struct line_reads {
    const char *program, *standard; /* what it is called, and the file that is read when the line names none */
    const char *judged;             /* what `check` judges as whoever asks: "Files" */
    struct config *(*read)(const char *file, bool here, struct buffer *faults);
    void (*free)(struct config *config);
    void (*say)(const struct config *config); /* what is in it, in a line: "3 routes, 2 receivers\n" */
};

/* Of a file, or of the standard one (NULL); NULL when it is wrong, and told. */
struct config *line_config_read(const struct line_reads *reads, const char *file, bool here);
/* The whole of `check FILE`: gives the exit status. */
int line_config_check(const struct line_reads *reads, const struct line *line);

#endif
