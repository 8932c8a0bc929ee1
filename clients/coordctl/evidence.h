/* The proof of work: files, whose sizes and SHA-256 go along with their names, or the places where they are. */
#ifndef COORDCTL_EVIDENCE_H
#define COORDCTL_EVIDENCE_H

#include "arguments.h"
#include "message.h"

/* Fills in `evidence_files` from the options `--evidence`, and what brokers of 1.0.0 know, from the first of them; nothing
 * when there is none. BAD_ARGUMENT for a file that is not there, SYSTEM for one that cannot be read. */
int evidence_fill(struct msg_progress *progress, const struct arguments *arguments, struct arena *arena,
                  struct problem *problem);

/* The pieces alone, of which there may be so many; none when there is no such option. */
int evidence_pieces(struct msg_evidence_file_items *items, uint32_t max, const struct arguments *arguments,
                    struct arena *arena, struct problem *problem);

#endif
