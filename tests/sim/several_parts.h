/* What the files on the life of several brokers need of each other, and no other file uses. */
#ifndef COORDD_SIM_SEVERAL_PARTS_H
#define COORDD_SIM_SEVERAL_PARTS_H

#include "sim/several.h"

#define SECOND_MS 1000

struct several_broker *several_at_hand(struct sim *sim);
/* Time passes, what was sent comes, and each has its turn. */
void several_lump(struct sim *sim, int64_t ms);

/* ---- a process (several_process.c), of the broker at hand ---- */

void several_begin_process(struct sim *sim);
/* Without a word: nothing more of it comes to anybody. What it was doing is played to its end, for its memory. */
void several_end_process(struct sim *sim);
void several_remove_mark(const struct several_broker *broker);
strand_work several_work_open, several_work_append, several_work_finish, several_work_close;
void several_begin_work(struct sim *sim, strand_work *work);
void several_let_work(struct sim *sim);
void several_opened(struct sim *sim); /* or it cannot be, and the process ends */

/* ---- turns, and clients (several_serve.c) ---- */

void several_turn(struct sim *sim, int broker);
void several_take_one(struct sim *sim);
void several_give_up_waiting(struct sim *sim);

#endif
