/* What a step takes, counted: the same events cost the same on every machine, so that an agency's account, the order of turns
 * and a replay of either do not depend on how fast the machine was.
 *
 * A unit is about 100 ns of a core of 2020, and each number below is measured, rounded up. Whatever goes through input or
 * state counts what it goes through, when it does: a loop that counts nothing has a small bound that stands beside it.
 */
#ifndef COORDD_CORE_COST_H
#define COORDD_CORE_COST_H

#include "core/effect.h"

#define COST_FRAME       10  /* a frame is opened, its key looked up */
#define COST_FRAME_ITEMS 10  /* values of a frame that are gone through and read in one unit */
#define COST_FRAME_BYTES 40  /* bytes of a request that are read, checked and digested in one unit */
#define COST_REQUEST     25  /* a request is found, checked and answered, its bytes apart */
#define COST_READ        40  /* …and one that reads: the room for a page is made, and its reply */
#define COST_ASSIGN      40  /* …and an assign: its leads and its words are found and checked */
#define COST_RECORD      20  /* a record is decided, numbered and applied, its bytes apart */
#define COST_ROOM_BYTES  512 /* bytes of room that are zeroed in one unit, where nothing of it was touched before */
#define COST_WRITE_BYTES 256 /* bytes of records and replies that are written in one unit */
/* A record that is told is written once more, as the wire has it: with its fields' names and its sentence, of some 500 bytes; what is
 * in lists, and hashes, has twice the bytes there that the journal has; and texts that were brought to letters stand in UTF-8 again, up
 * to three times as long. That is counted whether or not somebody hears it, and whether it is made at once or when it leaves: what is
 * decided never depends on who listens. And each agency is looked for among the streams, and those above it. */
#define COST_TOLD         2
#define COST_TOLD_BYTES   128 /* bytes of the journal's record in one unit */
#define COST_TOLD_AGENCY  1
#define COST_LETTER_BYTES 16 /* bytes of a text that are brought to letters in one unit (protocol/letters.h) */

/* Bytes of texts that the records of one request bring to letters, 1,024 units: 40 notes of usual size, or the longest of all. What is
 * beyond stands as it is, so that an assign to many leads is within COST_STEP_MAX. */
#define COST_LETTERS_MAX 16384

/* What a step costs at most: 5 ms, and 2 more for what is told of it, most of which is made when it leaves. A frame of 131,072 values
 * takes 13,100 to open, and the first slice of a batch opens it. Then comes at least one request. The costliest is either an assign to 256
 * leads: 20,500 to compose, 8,200 to write ASSIGN_BYTES_MAX, 5,100 for the records, 1,500 to read; or a calendar of 1 MiB: 26,200 to
 * read, 6,100 for its values, 4,100 to write, 5,000 for its tables. Either leaves a thousand or two, of which letters take one. Of the
 * assign 17,000 are told, and 5,100 tell 20 agencies of each lead. */
#define COST_STEP_MAX 72000

/* A tick begins no other task once its records have cost so much: 3 ms. The last may have 1,024 of its own, if so many rungs
 * of one task are due at once and none of them is to be merged: after weeks of standstill, of a ladder of many repeats. */
#define COST_TICK 30000

static inline void cost_add(struct effects *effects, uint64_t units)
{
    effects->cost += units;
}

/* Of a record of so many bytes, for which so many of texts were brought to letters, and that so many agencies are told of. */
static inline uint64_t cost_told(size_t bytes, size_t letters, size_t agencies)
{
    return COST_TOLD + bytes / COST_TOLD_BYTES + letters / COST_WRITE_BYTES + agencies * COST_TOLD_AGENCY;
}

#endif
