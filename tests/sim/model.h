/* What must be true of every run, kept apart from the program that is tested: the records that are known to be on disk,
 * the requests that clients made, and a second opinion of each task, written from the rules and not from the code.
 *
 * The model learns a record when it is on disk, in the order in which the core made records and replies: so when a reply
 * leaves, the model stands where the core stood when it decided, and what the reply says must be what the model says.
 */
#ifndef COORDD_SIM_MODEL_H
#define COORDD_SIM_MODEL_H

#include "sim/asks.h"
#include "sim/bounces.h"
#include "sim/clock.h"
#include "sim/custody.h"
#include "sim/dates.h"
#include "sim/documents.h"
#include "sim/explained.h"
#include "sim/hot_spots.h"
#include "sim/ladder.h"
#include "sim/model_state.h"
#include "sim/names.h"
#include "sim/opinions.h"
#include "sim/outcome.h"
#include "sim/parts.h"
#include "sim/periods.h"
#include "sim/reads.h"
#include "sim/reasons.h"
#include "sim/rounds.h"
#include "sim/rules.h"
#include "sim/schedules.h"
#include "sim/targets.h"
#include "sim/tasking.h"
#include "sim/tried.h"
#include "sim/waits.h"

struct sim;

void model_init(struct model *model);
void model_done(struct model *model);

/* A record that is on disk now. */
void model_learn(struct sim *sim, const struct journal_record *record);
/* A record that was on disk before: it must be the same still. */
void model_expect(struct sim *sim, const struct journal_record *record);
/* The clock jumped, or a tick went through, after the core's newest record of now. */
void model_mark(struct sim *sim, bool is_resume, int64_t now);
/* What was marked after all records that are known. */
void model_take_marks(struct sim *sim, uint64_t before);
/* A reply as the core made it, to request number `number`; SIZE_MAX to noise. The model stands where the core stood. */
void model_reply(struct sim *sim, size_t number, const void *frame, size_t size);
/* The core let a request through whose reply is made later, from the journal or by the loop. */
void model_allow(struct sim *sim, size_t number);
/* That reply, when the model has gone on. */
void model_reply_late(struct sim *sim, size_t number, const void *frame, size_t size);
/* Memory is gone, and with it what was marked and not yet on disk. */
void model_crashed(struct sim *sim);
/* The core stands where the model stands: its counts and its next deadline must be the model's. */
void model_compare(struct sim *sim);
/* A copy of the store is made; and put in the store's place: what came after it never was. */
void model_keep(struct sim *sim);
void model_put_back(struct sim *sim);
void copy_learn_store(struct sim *sim, const struct msg_record *record);
/* Keeps a request and gives it its number. */
size_t model_request(struct sim *sim, const struct request *request);
/* Decodes what was asked into model.asked; false when it cannot be decoded. */
bool model_ask(struct sim *sim, const struct request *request);

#endif
