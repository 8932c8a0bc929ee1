/* Figures as Prometheus reads them: the text format, version 0.0.4. */
#ifndef COMMON_EXPOSITION_H
#define COMMON_EXPOSITION_H

#include "buffer.h"

#define EXPOSITION_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* What stands once above the samples of a figure; `type` is gauge or counter. */
void exposition_head(struct buffer *out, const char *name, const char *type, const char *help);
/* name="value", in which what an administrator typed stands escaped. */
void exposition_label(struct buffer *out, const char *name, const char *value);

#endif
