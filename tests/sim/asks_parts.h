/* What the files on what leads ask need of each other, and no other file uses. */
#ifndef COORDD_SIM_ASKS_PARTS_H
#define COORDD_SIM_ASKS_PARTS_H

#include "sim/sim.h"

const struct model_asked *asked_open_of(const struct model_task *task, int asking);
/* What is handed in can be asked back; before that, anything else is asked for. */
bool asked_fits(const struct model_task *task, int asking);
/* So many working days before the last day in time, at the latest; where that day has no name there is no such rule. */
bool asked_is_in_time(const struct sim *sim, const struct model_task *task, int64_t now);
/* From one on upward, and else the assigner, the first that decides; with none of them, who is kept from it only while it stands in for
 * the lead. −1: nobody may. */
int asked_next_decider(const struct world *world, const struct model_task *task, int from, int64_t now);
/* The assigner grants what is ordinary, and whoever stands above it the rest; what one asks for oneself is decided further up. −1:
 * nobody is there. */
int asked_who_decides(const struct sim *sim, const struct model_task *task, int asking, int64_t now);
/* Whoever asks may not, nor one that has ended with nobody in its place, nor one that is excluded: at this time, or from the next end
 * of an agency on; nor who stands in for the one that asks, from its first day, unless nobody else is left. */
int64_t asked_one_gone(const struct sim *sim, const struct model_task *task, const struct model_asked *asked);
bool asked_is_ended(const struct model_asked *asked, const struct msg_record *record);
/* What was asked for, and what became of it; not by when, nor by whom. */
bool asked_is_same(const struct msg_asked *shown, const struct model_asked *known);
int64_t asked_decide_due(const struct msg_asked *shown);
void asked_check_days(struct sim *sim, const struct model_task *task, const struct msg_record *record,
                      const struct msg_wish *shown, const struct model_wish *wish);
/* With so many of them the oldest that is decided makes room, but none that was granted. */
bool asked_make_room(struct model_task *task, bool only_look);
/* A lead asks for a kind six times in 30 days. */
bool asked_is_too_often(const struct sim *sim, const struct model_task *task, int asking, int agency, int64_t now);

#endif
